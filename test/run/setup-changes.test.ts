import { expect, test } from 'vitest'
import { setupChanges } from '../../lib/run/setup-changes.ts'
import { exampleManifest } from '../store/example.ts'

test('the same setup has no changes, whatever the conditions and the engine', () => {
  const now = { ...exampleManifest, conditions: { freeMemoryBytes: 1 }, engine: undefined }
  expect(setupChanges(exampleManifest, now)).toEqual([])
})

test('every field that differs is told with both values', () => {
  const { tool, host } = exampleManifest
  const { commit: _, ...released } = tool
  const now = { ...exampleManifest, tool: released, host: { ...host, cores: 4 } }
  expect(setupChanges(exampleManifest, now)).toEqual(['tool.commit was "abc", is unknown', 'host.cores was 2, is 4'])
})
