import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { hasLateClient, lacksClients, type Probe } from '../../lib/domain/plan.ts'
import type { Figure } from '../../lib/report/figure.ts'
import type { Tried } from '../../lib/run/find-knee.ts'
import { searchKnee } from '../../lib/run/search-knee.ts'
import { loadFixture } from './load-fixture.ts'
import { viewOf } from './view.ts'

const open = loadFixture({ rates: [5, 10, 20, 40, 50, 60], objectives: { ttft_scheduled_ms: 400, tpot_ms: 50 } })
const figureOf = (data: PlanData) => {
  const { answerFigures, figures } = viewOf(data)
  return [...answerFigures, ...figures].find(({ id }) => id === 'probes-1') as Figure
}
const rowsOf = ({ values }: Figure) => values['rows'] as { [name: string]: string | number | boolean }[]
const probe = (ratePerSecond: number, capacity: number, change: Partial<Probe> = {}): Probe => ({
  ratePerSecond,
  goodput: Math.min(1, capacity / ratePerSecond),
  requests: 100,
  ...change,
})
const verdictOf = (each: Probe) => {
  if (hasLateClient(each)) return 'client'
  return lacksClients(each) ? 'too-few-clients' : each.goodput >= 0.95 ? 'good' : 'missed'
}

/** What is shown of a search by the real finder: texts of the marks, which are circled, and the decisions. */
async function shownSearch(tryRate: (rate: number) => Probe) {
  const tryOne = async (rate: number): Promise<Tried> => ({ probe: tryRate(rate), verdict: verdictOf(tryRate(rate)) })
  const cell = { ...(open.plan.cells[0] as Cell), axes: {} }
  const search = await searchKnee(cell, tryOne, () => {})
  const figure = figureOf({ ...open, plan: { ...open.plan, probes: [search] } })
  expect(rowsOf(figure).map((row) => row['knee'])).toEqual(
    rowsOf(figure).map((row) => `${row['text']}`.includes('taken')),
  )
  return {
    marks: rowsOf(figure).map((row) => row['text']),
    decisions: figure.twin.rows.map((row) => row.map(({ text }) => text).join(' | ')),
  }
}

test('of probes shows each in its order, what it decided, and the one whose rate, rounded down, was taken', async () => {
  const { marks, decisions } = await shownSearch((rate) =>
    probe(rate, 42, rate === 32 ? { invalid: 'contention' } : { ttftMs: 2 * rate, tpotMs: 12 }),
  )
  expect(marks).toEqual(['1', '4', '16', '64', '32', '45.3', '38.1', '41.5', '43.4: taken'])
  expect(decisions).toMatchInlineSnapshot(`
    [
      "1 | 1 | 100 % | 100 | 2.00 | 12.0 | met: the knee is here or higher",
      "2 | 4 | 100 % | 100 | 8.00 | 12.0 | met: the knee is here or higher",
      "3 | 16 | 100 % | 100 | 32.0 | 12.0 | met: the knee is here or higher",
      "4 | 64 | 66 % | 100 | 128 | 12.0 | missed: the knee is lower",
      "5 | 32 | 100 % | 100 | – | – | met: the knee is here or higher (other load)",
      "6 | 45.3 | 93 % | 100 | 90.6 | 12.0 | missed: the knee is lower",
      "7 | 38.1 | 100 % | 100 | 76.2 | 12.0 | met: the knee is here or higher",
      "8 | 41.5 | 100 % | 100 | 83.0 | 12.0 | met: the knee is here or higher",
      "9 | 43.4 | 97 % | 100 | 86.8 | 12.0 | met, and taken: the highest that was",
    ]
  `)
})

test('of probes takes no rate beyond which the client was late, and the best of a client that was late at all', async () => {
  const late = { invalid: 'client-late' }
  const beyond = await shownSearch((rate) => probe(rate, 1000, rate > 100 ? late : {}))
  expect(beyond.marks).toContain('98.9: taken')
  expect(beyond.decisions.at(-1)).toContain('does not count: client late')
  const few = await shownSearch((rate) => probe(rate, 1000, rate > 100 ? { waited: 0.4 } : {}))
  expect(few.marks).toContain('98.9: taken')
  expect(few.decisions.at(-1)).toContain('does not count: 40\u202f% waited for a client (load.clients)')
  const always = await shownSearch((rate) => probe(rate, 42, { invalid: 'client-late' }))
  expect(always.marks).toEqual(['1', '4', '16', '64', '32', '45.3', '38.1', '41.5', '43.4: taken'])
  expect(always.decisions[0]).toContain('met: the knee is here or higher (client late)')
})
