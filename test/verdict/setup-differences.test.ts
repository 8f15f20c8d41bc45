import { expect, test } from 'vitest'
import type { Manifest } from '../../lib/domain/manifest.ts'
import { setupDifferences } from '../../lib/verdict/setup-differences.ts'
import { exampleManifest } from '../store/example.ts'

const of = (...all: readonly Manifest[]) =>
  Object.fromEntries(all.map((manifest, at) => [String(at), { manifest, setup: '' }]))

test('setups differ field by field, the values of several launches side by side', () => {
  const { engine, host, ...rest } = exampleManifest
  const here = {
    ...rest,
    host: { ...host, cpu: 'Another CPU', virtualization: 'kvm' },
    engine: { ...engine!, build: 'b2' },
  }
  expect(setupDifferences(of(exampleManifest), of({ ...exampleManifest, host: here.host }, here))).toEqual([
    { field: 'host.cpu', there: 'A CPU', here: 'Another CPU' },
    { field: 'engine.build', there: 'b1', here: 'b1 | b2' },
    { field: 'host.virtualization', here: 'kvm' },
  ])
})

test('what changes from run to run and the model are no part of it; a handicap of a test is', () => {
  const other = { ...exampleManifest, conditions: { freeMemoryBytes: 1, loadAverage: 3 } }
  expect(setupDifferences(of(exampleManifest), of(other))).toEqual([])
  const held = { ...other, conditions: { ...other.conditions, handicap: 0.2 } }
  expect(setupDifferences(of(exampleManifest), of(held))).toEqual([{ field: 'handicap', here: '0.2' }])
})
