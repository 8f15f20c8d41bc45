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

test('engines that were started have their commands and settings side by side, differences set off', () => {
  const data = fixture({ models: ['demo'], threads: [1], workloads: ['decode'] })
  const [first, second] = data.plan.cells
  const started = (arm: string | undefined, command: string, dtype: string) => {
    const found = data.manifests[`manifest-${arm}`]
    if (found?.manifest.engine === undefined) throw new Error('the fixture has no engine there')
    const server = { url: 'http://127.0.0.1', place: 'this-machine', model: 'demo', says: {} } as const
    const engine = {
      ...found.manifest.engine,
      server: { ...server, command, settings: { dtype, kvCacheBytes: 2 ** 30 } },
    }
    return { [`manifest-${arm}`]: { ...found, manifest: { ...found.manifest, engine } } }
  }
  const manifests = {
    ...data.manifests,
    ...started(first?.arm, 'vllm serve <b>', 'float32'),
    ...started(second?.arm, 'vllm serve hf', 'bfloat16'),
  }
  const { machines } = viewOf({ ...data, manifests })
  const commands = ['vllm serve <b>', 'vllm serve hf', '']
  expect(machines.engines?.columns.map(({ command }) => command)).toEqual(commands)
  expect(machines.engines?.columns[2]?.name, 'arms that are alike share a column').toMatch(/q4_0, .*q4_k_m/)
  const row = machines.engines?.rows.find(({ name }) => name === 'dtype')
  expect(row?.values.map(({ text }) => text)).toEqual(['float32', 'bfloat16', '–'])
  expect(row?.values.map(({ differs }) => differs)).toEqual([false, true, false])
  const cache = machines.engines?.rows.find(({ name }) => name === 'kvCacheBytes')
  expect(cache?.values.map(({ text }) => text)).toEqual(['1.00 GiB (1073741824)', '1.00 GiB (1073741824)', '–'])
  expect(machines.fields.map(({ name }) => name)).not.toContain('dtype')
})

test('where no engine says how it was started there is no such table', () => {
  expect(viewOf(fixture({ models: ['demo'], threads: [1] })).machines.engines).toBe(undefined)
})
