import { expect, test } from 'vitest'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

test('what is not as in the first arm is set off, and artifacts stand by their digests', () => {
  const { machines } = viewOf(fixture({ models: ['demo'], threads: [1, 2] }))
  const fields = machines.fields.map(({ group, name }) => group + name)
  expect(fields).toEqual(['engine.threads', 'engine.artifact.digest'])
  const [first, second, third] = machines.arms
  expect(first?.values.map(({ differs }) => differs)).toEqual([false, false])
  expect(second?.values.map(({ differs }) => differs)).toEqual([true, false])
  expect(third?.values.map(({ differs }) => differs)).toEqual([false, true])
  expect(third?.values[1]?.text).toMatch(/^[0-9a-f]{12}$/)
})

test('what all launches saw alike stands once', () => {
  const { machines } = viewOf(fixture({ models: ['demo'], threads: [1] }))
  expect(machines.common).toContainEqual({ field: 'host.cpu', text: 'AMD EPYC 7B13' })
  expect(machines.fields.map(({ name }) => name)).not.toContain('cpu')
})
