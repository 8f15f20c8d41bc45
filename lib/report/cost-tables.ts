import { type Costs, costsOf } from './costs.ts'
import type { Evidence } from './evidence.ts'
import type { BoundTable } from './post-bindings.ts'

const cell = (text: string, numeric = false) => ({ text, numeric })

/** What was taken for the price of each piece of hardware, and from how much use on which is cheaper; none where nothing has a price. */
export function costTables(evidence: Evidence): BoundTable[] {
  const costs = costsOf(evidence)
  if (costs === undefined) return []
  const meetings = costs.meetings.length === 0 ? [] : [meetingsTable(costs, evidence)]
  return [pricesTable(costs, evidence), ...meetings]
}

function pricesTable({ prices }: Costs, { words }: Evidence): BoundTable {
  return {
    title: words('cost.prices'),
    head: ['hardware', 'price', 'source'].map((key) => cell(words(`cost.head-${key}`))),
    rows: prices.map(({ hardware, text, source }) => [cell(hardware), cell(text), cell(source)]),
    notes: [],
  }
}

function meetingsTable({ meetings }: Costs, { words }: Evidence): BoundTable {
  return {
    title: words('cost.meetings'),
    head: [
      ...['cheaper', 'other'].map((key) => cell(words(`cost.${key}`))),
      ...['mtok', 'hours'].map((key) => cell(words(`cost.${key}`), true)),
    ],
    rows: meetings.map(({ cheaper, other, mtok, hours }) => [
      cell(cheaper),
      cell(other),
      cell(mtok, true),
      cell(hours, true),
    ]),
    notes: [],
    remark: words('cost.note'),
  }
}
