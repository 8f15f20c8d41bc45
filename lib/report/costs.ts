import type { Price } from '../domain/price.ts'
import { breakEven, type BreakEven, usualHoursPerDay } from '../measure/cost.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { fixed, missing, significant } from './numbers.ts'

/** From how much use on `cheaper` costs less than `other`: million tokens a month, and hours that it is then in use each day. */
type Meeting = { cheaper: string; other: string; mtok: string; hours: string }
export type Costs = {
  /** What was taken for the price of each piece of hardware, and where that is from. */
  prices: readonly { hardware: string; text: string; source: string }[]
  meetings: readonly Meeting[]
}

/** Of more meetings than this nobody reads them all. */
const mostMeetings = 20

/** What hardware costs, and of cells that differ in their hardware alone from how much use on which is cheaper. */
export function costsOf(evidence: Evidence): Costs | undefined {
  const { cells } = evidence.comparison
  const priced = cells.flatMap(({ cell: { config } }) => {
    const { name, price } = config.hardware
    return price === undefined ? [] : [{ hardware: name, text: priceText(evidence, price), source: price.source }]
  })
  if (priced.length === 0) return undefined
  const prices = new Map(priced.map((each) => [JSON.stringify(each), each]))
  const meetings = pairsOf(cells).flatMap((pair) => meetingOf(evidence, pair))
  return { prices: [...prices.values()], meetings: meetings.slice(0, mostMeetings) }
}

function priceText({ words }: Evidence, price: Price): string {
  if ('usdPerHour' in price) return words('cost.rented', { usd: asWritten(price.usdPerHour) })
  if ('usdPerMtok' in price) return words('cost.token', { usd: asWritten(price.usdPerMtok) })
  const { years, hoursPerDay = usualHoursPerDay, watts, usdPerKwh } = price
  const usd = asWritten(price.usd)
  if (years === undefined) return words('cost.bought', { usd })
  const isKnown = watts !== undefined && usdPerKwh !== undefined
  const energy = isKnown ? words('cost.energy', { watts, usd: asWritten(usdPerKwh) }) : words('cost.no-energy')
  return `${words('cost.spread', { usd, n: years, hours: hoursPerDay })}, ${energy}`
}

/** With the decimals that the experiment gives it. */
const asWritten = (usd: number): string => fixed(usd, String(usd).split('.')[1]?.length ?? 0)

type Pair = readonly [ShownCell, ShownCell]

function pairsOf(cells: readonly ShownCell[]): Pair[] {
  const alike = Map.groupBy(cells, ({ cell: { axes } }) =>
    JSON.stringify(Object.entries(axes).filter(([axis]) => axis !== 'hardware' && !axis.startsWith('hardware.'))),
  )
  return [...alike.values()].flatMap((group) =>
    group.flatMap((first, at) => group.slice(at + 1).map((second) => [first, second] as const)),
  )
}

function meetingOf(evidence: Evidence, [first, second]: Pair): Meeting[] {
  const [one, other] = [offerOf(evidence, first), offerOf(evidence, second)]
  const found = one === undefined || other === undefined ? undefined : breakEven(one, other)
  if (found === undefined || found.is === 'always') return []
  const [cheaper, dearer] = found.cheaper === 'first' ? [first, second] : [second, first]
  return [{ cheaper: cheaper.name, other: dearer.name, ...amount(evidence, found) }]
}

function amount({ words }: Evidence, found: Exclude<BreakEven, { is: 'always' }>): Pick<Meeting, 'mtok' | 'hours'> {
  if (found.is === 'never') return { mtok: words('cost.always'), hours: words('cost.always') }
  const hours = found.hoursPerDay[found.cheaper]
  return { mtok: significant(found.mtokPerMonth), hours: hours === undefined ? missing : hoursText(hours) }
}

// What rounds to no time at all is still some.
const hoursText = (hours: number) => (hours < 0.05 ? `< ${fixed(0.1, 1)}` : fixed(hours, 1))

function offerOf(evidence: Evidence, cell: ShownCell) {
  const { price } = cell.cell.config.hardware
  const rate = evidence.valueOf(cell, 'output_tps')
  return price === undefined || rate?.valid !== true ? undefined : { price, outputTps: rate.value }
}
