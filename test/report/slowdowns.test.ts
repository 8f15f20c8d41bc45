import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { gpuFixture } from './charts-fixture.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

type Row = { [name: string]: string | number | boolean }
const named = (data: PlanData, id: string) => viewOf(data).figures.find((figure) => figure.id === id)
const rowsOf = (data: PlanData, id: string, kind: string) =>
  ((named(data, id)?.values['rows'] ?? []) as Row[]).filter((row) => row['kind'] === kind)
const hot = gpuFixture()
/** The same with no reason for slower clocks but the cap on power, which is normal. */
const cool: PlanData = {
  ...hot,
  telemetry: (hot.telemetry ?? []).map((each) => ({
    ...each,
    samples: each.samples.map((sample) => ({ ...sample, gpuSlowdowns: 0x04 })),
  })),
}

test('where a GPU slowed itself down its clock is marked, in words and in the table, and stands in the open', () => {
  const clock = named(hot, 'telemetry-gpu-clock')
  expect([clock?.title, clock?.subtitle, clock?.folded]).toMatchInlineSnapshot(`
    [
      "GPU clock: 1 155 to 1 980 MHz; slowed down in 1 of 8 launches: its temperature, says the card",
      "SM clock, MHz; line = one launch of each arm, band = least to largest of all 2; triangle = a launch that was throttled, and is invalid; bar at the foot = a GPU slowed itself down",
      undefined,
    ]
  `)
  expect(rowsOf(hot, 'telemetry-gpu-clock', 'slow')).toMatchInlineSnapshot(`
    [
      {
        "arm": 0,
        "at": 1.2,
        "kind": "slow",
        "label": "f16",
        "order": 0,
        "panel": "demo",
        "series": 0,
        "tip": "slowed down: its temperature, says the card
    launch 5, block 2",
        "to": 2.4,
      },
    ]
  `)
  expect(clock?.twin.rows.filter((row) => row.at(-1)?.text !== '').map((row) => row.map(({ text }) => text))).toEqual([
    ['demo · f16 · decode', 'trial 5, block 2', '1\u202f155', 'its temperature, says the card'],
  ])
})

test('a launch that was throttled has a sign of its own', () => {
  expect(rowsOf(hot, 'telemetry-gpu-clock', 'flag').map(({ sign, value }) => [sign, value])).toEqual([
    ['throttled', 1155],
  ])
})

test('a cap on power is normal: the clock is folded and says so', () => {
  expect([named(cool, 'telemetry-gpu-clock')?.title, named(cool, 'telemetry-gpu-clock')?.folded]).toEqual([
    'GPU clock: 1\u202f155 to 1\u202f980 MHz, never slowed down',
    true,
  ])
  expect(rowsOf(cool, 'telemetry-gpu-clock', 'slow')).toEqual([])
})

test('where there is no GPU there is neither clock nor heat', () => {
  const ids = viewOf(fixture()).figures.map(({ id }) => id)
  expect(ids.filter((id) => id.startsWith('telemetry-gpu'))).toEqual([])
})
