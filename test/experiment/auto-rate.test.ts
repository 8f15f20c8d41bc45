import { expect, test } from 'vitest'
import type { Expanded } from '../../lib/experiment/expand.ts'
import { atRate, hasAutoRate, resolveRates } from '../../lib/experiment/resolve-rates.ts'
import { expand, plan, refused } from './fixture.ts'

const file = (rate: string, more = 'objectives: { ttft_scheduled_ms: 500 }') => `
name: x
axes: { model: [tiny], quantization: [q8_0, q4_0], backend: [llama.cpp], hardware: [local], workload: [write] }
load: { kind: poisson, ratePerSecond: ${rate} }
${more}
`
const swept = `
name: x
axes: { model: [tiny], quantization: [q4_0], backend: [llama.cpp], hardware: [local], workload: [write], load.ratePerSecond: [10, auto] }
load: { kind: poisson, ratePerSecond: 1 }
objectives: { ttft_ms: 500 }
`
const searched = ({ cells }: Expanded, ...rates: number[]) =>
  cells
    .filter(({ config }) => hasAutoRate(config.load))
    .map(({ id }, at) => ({ cellId: id, ratePerSecond: rates[at] as number, probes: [] }))

test('auto without objectives is refused where it stands, with what to do', async () => {
  expect(await refused(file('auto', ''))).toMatchInlineSnapshot(`
    "x.yaml:4:39: ratePerSecond auto is the highest rate at which requests meet their objectives: add some to the file, such as objectives: { ttft_scheduled_ms: 500 }, or give a number
        load: { kind: poisson, ratePerSecond: auto }"
  `)
})

test('auto for a workload that has no answers is refused', async () => {
  const text = file('auto').replace('[write]', '[bench]')
  expect(await refused(text)).toMatchInlineSnapshot(`
    "x.yaml:4:39: ratePerSecond auto is the highest rate at which requests meet their objectives, and workload "bench" is prefill-decode, which has none: take completion or chat, or give a number
        load: { kind: poisson, ratePerSecond: auto }"
  `)
})

test('a rate that is neither a number nor auto is told what it may be', async () => {
  expect([
    await refused(file('fast')),
    await refused(file('0')),
    await refused(file('auto').replace(', ratePerSecond: auto', '')),
  ]).toMatchInlineSnapshot(`
    [
      "x.yaml:4:39: load.ratePerSecond: must be arrivals per second, from above 0 to 100000, or auto, got "fast"
        load: { kind: poisson, ratePerSecond: fast }",
      "x.yaml:4:39: load.ratePerSecond: must be more than 0, got 0
        load: { kind: poisson, ratePerSecond: 0 }",
      "x.yaml:4:7: load.ratePerSecond: is missing: it must be arrivals per second, from above 0 to 100000, or auto
        load: { kind: poisson }",
    ]
  `)
})

test('a cell whose rate was found is the cell of that number', async () => {
  const expanded = await expand(file('auto'))
  const resolved = resolveRates(expanded, searched(expanded, 43, 20))
  const [first, second] = [await expand(file('43')), await expand(file('20'))]
  expect(resolved.cells).toEqual([first.cells[0], second.cells[1]])
  expect(resolved.probes?.map(({ cellId }) => cellId)).toEqual(resolved.cells.map(({ id }) => id))
})

test('on an axis the number takes the place of auto', async () => {
  const expanded = await expand(swept)
  const { cells } = resolveRates(expanded, searched(expanded, 43))
  expect(cells.map(({ axes }) => axes['load.ratePerSecond'])).toEqual([10, 43])
})

test('a knee that is another cell of the file is that cell', async () => {
  const expanded = await expand(swept)
  const { cells, probes } = resolveRates(expanded, searched(expanded, 10))
  expect(cells).toHaveLength(1)
  expect(probes).toMatchObject([{ cellId: cells[0]?.id, ratePerSecond: 10 }])
})

test('where its fields come from is as it was before', async () => {
  const expanded = await expand(file('auto'))
  const resolved = resolveRates(expanded, searched(expanded, 43, 20))
  expect(resolved.originsOf(resolved.cells[0] as never)).toEqual(expanded.originsOf(expanded.cells[0] as never))
})

test('a plan keeps how its rates were found', async () => {
  const expanded = await expand(file('auto'))
  const resolved = resolveRates(expanded, searched(expanded, 43, 20))
  expect((await plan('', { expanded: resolved })).probes).toEqual(resolved.probes)
  expect(await plan(file('43'))).not.toHaveProperty('probes')
})

test('a cell with a number of its own is left alone', async () => {
  const { cells } = await expand(file('43'))
  expect(atRate(cells[0] as never, 5)).toBe(cells[0])
})
