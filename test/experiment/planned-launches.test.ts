import { expect, test } from 'vitest'
import type { Plan, PlannedLaunch } from '../../lib/domain/plan.ts'
import { plannedLaunches } from '../../lib/experiment/planned-launches.ts'
import { expand, plan, refused } from './fixture.ts'

const text = (repeat: string, compare = 'compare: { treatment: [quantization] }') =>
  `name: x\naxes: { model: [tiny], quantization: [f16, q8_0, q4_0], workload: [score, write] }\nrepeat: ${repeat}\n${compare}\n`
const of = (launches: readonly PlannedLaunch[], role: PlannedLaunch['role']) =>
  launches.filter((launch) => launch.role === role)
const scoringIn = (cells: Plan['cells']) =>
  new Set(cells.flatMap(({ id, config }) => (config.workload.name === 'score' ? [id] : [])))
const armOf = ({ arm }: PlannedLaunch) => JSON.parse(arm).quantization as string

test('with aa each block has every arm that others are compared with once more, back to back with the others', async () => {
  const { launches, cells } = await plan(text('{ blocks: 6, aa: true }'))
  expect(of(launches, undefined)).toHaveLength(6 * 3 + 2 * 3)
  const twins = of(launches, 'twin')
  expect(twins).toHaveLength(6)
  expect(new Set(twins.map(armOf))).toEqual(new Set(['f16']))
  const scoring = scoringIn(cells)
  const timed = launches.filter(({ cellIds }) => !cellIds.some((id) => scoring.has(id)))
  // Places of four launches each: three arms, and the twin of one.
  for (let at = 0; at < timed.length; at += 4) {
    const place = timed.slice(at, at + 4)
    expect(place.filter(({ role }) => role === 'twin')).toHaveLength(1)
    expect(new Set(place.map(({ block }) => block)).size).toBe(1)
    expect(new Set(place.map(({ cellIds }) => cellIds.length))).toEqual(new Set([1]))
  }
})

const blocksOf = ({ launches }: Plan, cellId: string | undefined) =>
  launches.flatMap(({ block, cellIds, role }) => (!role && cellIds.includes(cellId ?? '') ? [block] : []))
const scoredIn = ({ cells }: Plan) => cells.find(({ config }) => config.workload.name === 'score')?.id

test('a text is scored in the first block and in the last, whatever else is timed between them; of one block in that', async () => {
  for (const blocks of [1, 2, 7]) {
    const made = await plan(text(`{ blocks: ${blocks} }`))
    expect(blocksOf(made, scoredIn(made))).toEqual(blocks === 1 ? [0] : [0, blocks - 1])
    const timed = made.cells.find(({ config }) => config.workload.name === 'write')
    expect(blocksOf(made, timed?.id)).toHaveLength(blocks)
  }
  const alone = await plan(text('{ blocks: 7 }').replace(', write', ''))
  expect(blocksOf(alone, scoredIn(alone))).toEqual([0, 6])
})

test('it is scored in all blocks where something is declared of it that varies, and of nothing else in its stratum', async () => {
  const memory = 'compare: { treatment: [quantization], metrics: { perplexity: 1%, pss_peak_bytes: 5% } }'
  const both = await plan(text('{ blocks: 6 }', memory))
  expect(blocksOf(both, scoredIn(both))).toEqual([0, 5])
  const alone = await plan(text('{ blocks: 6 }', memory).replace(', write', ''))
  expect(blocksOf(alone, scoredIn(alone))).toEqual([0, 1, 2, 3, 4, 5])
})

test('what scores in a process that is timed as well comes last, so that what is timed finds the same in all blocks', async () => {
  const { cells } = await expand(
    'name: x\naxes: { model: [tiny], quantization: [f16, q4_0], backend: [v], workload: [score, write] }\nbackends: { v: { kind: vllm-offline } }\n',
  )
  const scoring = scoringIn(cells)
  const launches = plannedLaunches(cells, { blocks: 8, seed: 1 })
  expect(launches).toHaveLength(8 * 2)
  for (const { block, cellIds } of launches)
    expect(cellIds.map((id) => scoring.has(id))).toEqual(block === 0 || block === 7 ? [false, true] : [false])
})

test('a twin is first as often as the arm that it repeats', async () => {
  const { launches } = await plan(text('{ blocks: 10, aa: true }').replace('score, ', ''))
  const places = [...Map.groupBy(launches, ({ block }) => block).values()]
  const twinFirst = places.filter(
    (place) =>
      place.findIndex(({ role }) => role === 'twin') < place.findIndex((each) => armOf(each) === 'f16' && !each.role),
  )
  expect(twinFirst).toHaveLength(5)
})

test('a pair’s A has the twin; without a comparison the first arm of each stratum', async () => {
  const pairs = '[{ base: { quantization: q8_0 }, against: { quantization: q4_0 } }]'
  const paired = await plan(text('{ blocks: 2, aa: true }', `compare: { treatment: [quantization], pairs: ${pairs} }`))
  expect(new Set(of(paired.launches, 'twin').map(armOf))).toEqual(new Set(['q8_0']))
  const alone = await plan(text('{ blocks: 2, aa: true }', ''))
  expect(new Set(of(alone.launches, 'twin').map(armOf))).toEqual(new Set(['f16']))
  const one = await plan('name: x\naxes: { model: [sole], workload: [write] }\nrepeat: { blocks: 3, aa: true }\n')
  expect(of(one.launches, 'twin')).toHaveLength(3)
})

test('a sentinel stands before every so many blocks and after the last: one cell that measures speed', async () => {
  const { launches, cells } = await plan(text('{ blocks: 7, sentinel: 3 }'))
  const sentinels = of(launches, 'sentinel')
  expect(sentinels.map(({ block }) => block)).toEqual([0, 3, 6, 6])
  expect(launches[0]?.role).toBe('sentinel')
  expect(launches.at(-1)?.role).toBe('sentinel')
  const watched = cells.find(({ config }) => config.quantization === 'f16' && config.workload.name === 'write')
  expect(new Set(sentinels.flatMap(({ cellIds }) => cellIds))).toEqual(new Set([watched?.id]))
  expect(sentinels[0]).toMatchObject({ arm: watched?.arm, stratum: watched?.stratum, device: 'local-cpu' })
  const scored = await plan(text('{ blocks: 2, sentinel: 1 }').replace(', write', ''))
  expect(of(scored.launches, 'sentinel')).toHaveLength(3)
})

test('sentinels change nothing of what else is launched', async () => {
  const [plain, both] = await Promise.all([plan(text('{ blocks: 2 }')), plan(text('{ blocks: 2, sentinel: 1 }'))])
  expect(of(both.launches, undefined)).toEqual(plain.launches)
})

test('one block has neither: nothing could be said of it', async () => {
  const { launches } = await plan(text('{ blocks: 5, aa: true, sentinel: 1 }'), { blocks: 1 })
  expect(launches.filter(({ role }) => role !== undefined)).toEqual([])
})

test('what cannot be meant is told', async () => {
  expect(await refused(text('{ aa: yes, sentinel: -1, sentinels: 2 }'))).toMatchInlineSnapshot(`
    "x.yaml:3:15: repeat.aa: must be true or false, got "yes"
        repeat: { aa: yes, sentinel: -1, sentinels: 2 }
    x.yaml:3:30: repeat.sentinel: must be at least 0, got -1
        repeat: { aa: yes, sentinel: -1, sentinels: 2 }
    x.yaml:3:34: repeat: unknown key "sentinels", did you mean "sentinel"?
        repeat: { aa: yes, sentinel: -1, sentinels: 2 }"
  `)
})
