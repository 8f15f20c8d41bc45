import type { BoughtPrice, Price } from '../domain/price.ts'
import { breakEven, usualHoursPerDay } from '../measure/cost.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { significant } from './numbers.ts'

/** More meetings of two prices than this are a table, which this is not. */
const mostMeetings = 10

/** What was taken for the price of each piece of hardware and where that is from; and from how much use on which is cheaper. */
export function costSentences(evidence: Evidence): string[] {
  const { cells } = evidence.comparison
  const prices = new Map(
    cells.flatMap(({ cell: { config } }) => {
      const { name, price } = config.hardware
      return price === undefined ? [] : [[JSON.stringify([name, price]), { name, price }] as const]
    }),
  )
  if (prices.size === 0) return []
  const meetings = pairsOf(cells).flatMap((pair) => meetingSentence(evidence, pair))
  return [
    ...[...prices.values()].map(({ name, price }) => priceSentence(evidence, name, price)),
    ...meetings.slice(0, mostMeetings),
  ]
}

function priceSentence({ words }: Evidence, hardware: string, price: Price): string {
  const { source } = price
  if ('usdPerHour' in price) return words('cost.rented', { hardware, usd: price.usdPerHour, source })
  if ('usdPerMtok' in price) return words('cost.token', { hardware, usd: price.usdPerMtok, source })
  const { usd, years, hoursPerDay = usualHoursPerDay } = price
  if (years === undefined) return words('cost.bought', { hardware, usd, source })
  const spread = words('cost.spread', { hardware, usd, source, n: years, hours: hoursPerDay })
  return [spread, energySentence(price, words)].join(' ')
}

function energySentence({ watts, usdPerKwh }: BoughtPrice, words: Evidence['words']): string {
  const known = watts !== undefined && usdPerKwh !== undefined
  return known ? words('cost.energy', { watts, usd: usdPerKwh }) : words('cost.no-energy')
}

type Pair = readonly [ShownCell, ShownCell]

/** Cells that differ in their hardware alone, and in its price. */
function pairsOf(cells: readonly ShownCell[]): Pair[] {
  const alike = Map.groupBy(cells, ({ cell: { axes } }) =>
    JSON.stringify(Object.entries(axes).filter(([axis]) => axis !== 'hardware' && !axis.startsWith('hardware.'))),
  )
  return [...alike.values()].flatMap((group) =>
    group.flatMap((first, at) => group.slice(at + 1).map((second) => [first, second] as const)),
  )
}

function meetingSentence(evidence: Evidence, [first, second]: Pair): string[] {
  const { words } = evidence
  const [one, other] = [offerOf(evidence, first), offerOf(evidence, second)]
  const found = one === undefined || other === undefined ? undefined : breakEven(one, other)
  if (found === undefined || found.is === 'always') return []
  const [cheaper, dearer] = found.cheaper === 'first' ? [first, second] : [second, first]
  const names = { cheaper: cheaper.name, other: dearer.name }
  if (found.is === 'never') return [words('cost.never', names)]
  const hours = found.hoursPerDay[found.cheaper]
  const mtok = significant(found.mtokPerMonth)
  return [
    hours === undefined
      ? words('cost.meeting-tokens', { ...names, mtok })
      : words('cost.meeting', { ...names, mtok, hours: significant(hours, 2) }),
  ]
}

function offerOf(evidence: Evidence, cell: ShownCell) {
  const { price } = cell.cell.config.hardware
  const rate = evidence.valueOf(cell, 'output_tps')
  return price === undefined || rate?.valid !== true ? undefined : { price, outputTps: rate.value }
}
