import { expect, test } from 'vitest'
import { progressTable } from '../../lib/cli/progress-table.ts'
import { widthOf } from '../../lib/cli/text-columns.ts'
import { ProgressReader } from '../../lib/run/progress.ts'
import { readPlan } from '../../lib/store/read-plan.ts'
import { beginning, exampleCell, examplePlan, startedPlan, temporaryStore } from '../store/example.ts'
import { seen } from './drawn-terminal.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import type { Plan } from '../../lib/domain/plan.ts'

/** The table of a plan of which the first launch has measured one trial and runs another. */
function tableOf(plan: Plan, size: { columns: number; rows: number }): string[] {
  using temporary = temporaryStore()
  const { store } = temporary
  const { launchId } = startedPlan(store, plan)
  beginning(store, launchId)
  deriveMeasurements(store, 1)
  const progress = new ProgressReader(store, readPlan(store, plan.id)).read()
  return progressTable(progress, { plan, ...size, nowMs: 13_250, symbols: 'unicode', elapsedMs: 14_000 })
}

test('a row per cell: its axes where they differ, its trials by block, what was measured, how long its trial runs', () => {
  expect(tableOf(examplePlan(), { columns: 80, rows: 24 }).map(seen).join('\n')).toMatchInlineSnapshot(`
    "quick (plan c0ffee000001), block 1 of 2
    quantization  workload  trials  so far                 n     now
    f16           chat      ✓·      decode 40.00 tokens/s  1
    f16           quality   ▶·                                  12 s
    f16           speed     ··
    q4_0          chat      ··
    q4_0          quality   ··
    q4_0          speed     ··
    ░░░░░░░░░░ 1 of 12 trials · 14 s so far · about 4 s left (by other cells)
    ✓ 1 ok  ▶ 1 running  · 10 to come"
  `)
})

test('where there is no room for every cell, those that matter are shown and the rest is counted', () => {
  const table = tableOf(examplePlan(), { columns: 60, rows: 9 }).map(seen)
  expect(table).toHaveLength(8)
  expect(table.join('\n')).toMatchInlineSnapshot(`
    "quick (plan c0ffee000001), block 1 of 2
    quanti…  workload  trials  so far                 n     now
    f16      chat      ✓·      decode 40.00 tokens/s  1
    f16      quality   ▶·                                  12 s
    f16      speed     ··
    +3 more, 0 of them measured
    ░░░░░░░░░░ 1 of 12 trials · 14 s so far · about 4 s left (…
    ✓ 1 ok  ▶ 1 running  · 10 to come"
  `)
})

const hostile = [
  '\u001b[2J\u001b[31mred',
  '한국어로 된 아주 긴 이름'.repeat(4),
  'right \u202e to left',
  'x'.repeat(500),
  'e\u0301\u0301\n\r\t',
  '👩‍👩‍👧‍👦',
]
const hostilePlan = (blocks: number): Plan => {
  const workload = examplePlan().cells[0]?.config.workload as never
  const cells = hostile.map((name) => ({
    ...exampleCell(name, workload),
    axes: { [name]: name, model: name, 'load.clients': 1 },
  }))
  const launches = Array.from({ length: blocks }, (_, block) =>
    cells.map(({ id, arm }) => ({
      block,
      arm,
      stratum: '{}',
      device: 'cpu0',
      cellIds: [id, ...(id === cells[0]?.id ? [cells[1]?.id as string] : [])].slice(0, 2),
    })),
  )
  const first = launches.map((launch) => launch.filter(({ cellIds }) => cellIds[0] !== cells[1]?.id))
  return examplePlan({
    blocks,
    cells,
    launches: first.flat(),
    experiment: { ...examplePlan().experiment, name: hostile[0] as string },
  })
}

test.for([
  [1, 1],
  [10, 3],
  [40, 5],
  [80, 24],
  [200, 60],
] as const)('hostile names fit a terminal of %d columns and %d rows', ([columns, rows]) => {
  for (const blocks of [1, 30]) {
    const lines = tableOf(hostilePlan(blocks), { columns, rows })
    expect(Math.max(...lines.map((line) => widthOf(seen(line))))).toBeLessThanOrEqual(Math.max(1, columns - 1))
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1))
    // Colours are all that it tells a terminal.
    // oxlint-disable-next-line no-control-regex
    expect(lines.join('').replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  }
})
