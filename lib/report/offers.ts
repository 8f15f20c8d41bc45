import { metrics, type Metric } from '../domain/metric.ts'
import { hasRandomWeights, type ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { knownPeaks } from './memory-metrics.ts'
import { paretoFront } from './pareto.ts'

/** An arm of which both speed and quality are known. */
export type Pair = {
  speed: ShownCell
  quality: ShownCell
  speedValue: CellValue
  qualityValue: CellValue
  /** The quality was measured on an arm that differs in other settings (threads), as this one has none of its own. */
  borrowed: boolean
}

/** Something that an arm costs, in perplexity, memory or money. */
export type Cost = { metric: Metric; cell: ShownCell; value: CellValue }
/** What an arm gives, and what it takes. */
export type Offer = {
  cell: ShownCell
  speed: CellValue
  costs: readonly Cost[]
  borrowed: boolean
  valid: boolean
  /** No other one is at least as good in all and better in one. */
  isOnFront: boolean
}
/** The arms that compete: of one group, at one setting. */
export type Offers = {
  metric: Metric
  group: string
  panel: string
  costs: readonly Metric[]
  offers: readonly Offer[]
}

/**
 * The arms whose speed and perplexity are both known, group by group, each at the first setting where there are most.
 * Only where no arm has both is the perplexity taken from one of the same group and compared value: settings such as
 * threads do not change it beyond rounding.
 */
export function pairsOf(evidence: Evidence): { metric: Metric; group: string; panel: string; pairs: Pair[] }[] {
  const [speed] = measuredSpeeds(evidence)
  if (speed === undefined) return []
  const groups = Map.groupBy(speed.cells, (cell) => cell.arm.group)
  return [...groups.entries()].flatMap(([group, cells]) => {
    const panels = [...Map.groupBy(cells, (cell) => cell.panel).entries()].map(([panel, ofPanel]) => {
      const own = ofPanel.flatMap((cell) => pairOf(evidence, speed.metric, cell, false))
      return {
        metric: speed.metric,
        group,
        panel,
        pairs: own.length > 0 ? own : ofPanel.flatMap((cell) => pairOf(evidence, speed.metric, cell, true)),
      }
    })
    const ranked = panels.toSorted((a, b) => rank(b.pairs) - rank(a.pairs))
    const [best] = ranked
    return best === undefined || best.pairs.length < 2 ? [] : [best]
  })
}

/** Perplexities of an arm's own first, then as many as there are. */
function rank(pairs: readonly Pair[]): number {
  return pairs.length + (pairs.some((pair) => pair.borrowed) ? 0 : pairs.length > 1 ? 1000 : 0)
}

function pairOf(evidence: Evidence, metric: Metric, speed: ShownCell, borrowed: boolean): Pair[] {
  const same = (cell: ShownCell) =>
    borrowed ? cell.arm.group === speed.arm.group && cell.arm.value === speed.arm.value : cell.arm === speed.arm
  const speedValue = evidence.valueOf(speed, metric)
  const found = evidence.comparison.cells
    .filter((cell) => cell.kind === 'perplexity' && !hasRandomWeights(cell.cell) && same(cell))
    .map((quality) => ({ quality, qualityValue: evidence.valueOf(quality, 'perplexity') }))
    .find(({ qualityValue }) => qualityValue !== undefined)
  if (speedValue === undefined || found?.qualityValue === undefined) return []
  return [{ speed, speedValue, quality: found.quality, qualityValue: found.qualityValue, borrowed }]
}

/** Arms against each other in speed, perplexity, memory and price, as far as these are known of all of them. */
export function offersOf(evidence: Evidence): Offers[] {
  const pairs = pairsOf(evidence)
  const places = pairs.length > 0 ? pairs.map((each) => ({ ...each, offered: each.pairs })) : pricedPlaces(evidence)
  return places.map(({ metric, group, panel, offered }) => {
    const speeds = offered.map(({ speed }) => speed)
    const known = [...(pairs.length > 0 ? (['perplexity'] as const) : []), ...knownCosts(evidence, speeds)]
    const offers = offered.map((each): Offer => {
      const costs = known.flatMap((cost) => costOf(evidence, each, cost))
      const valid = each.speedValue.valid && costs.every(({ value }) => value.valid)
      return { cell: each.speed, speed: each.speedValue, costs, borrowed: each.borrowed, valid, isOnFront: false }
    })
    return { metric, group, panel, costs: known, offers: withFront(metric, known, offers) }
  })
}

type Offered = Pick<Pair, 'speed' | 'speedValue' | 'borrowed'> & Partial<Pair>
function costOf(evidence: Evidence, { speed, quality }: Offered, metric: Metric): Cost[] {
  const cell = metric === 'perplexity' && quality !== undefined ? quality : speed
  const value = evidence.valueOf(cell, metric)
  return value === undefined ? [] : [{ metric, cell, value }]
}

/** The peak that has to fit: on the GPU, where there is one; and what a token costs, where not all pay the same. */
function knownCosts(evidence: Evidence, cells: readonly ShownCell[]): Metric[] {
  const ofAll = (metric: Metric) => cells.every((cell) => evidence.valueOf(cell, metric) !== undefined)
  const peaks = knownPeaks(evidence, cells).filter(ofAll)
  const peak = peaks.find((metric) => metric === 'vram_peak_bytes') ?? peaks[0]
  const isPriced = ofAll('usd_per_mtok') && pricesOf(cells) > 1
  return [...(peak === undefined ? [] : [peak]), ...(isPriced ? (['usd_per_mtok'] as const) : [])]
}

function pricesOf(cells: readonly ShownCell[]): number {
  return new Set(cells.map(({ cell }) => JSON.stringify(cell.config.hardware.price))).size
}

/** Without perplexity arms are set against each other where they pay different prices, at the setting where most do. */
function pricedPlaces(evidence: Evidence) {
  const [speed] = measuredSpeeds(evidence)
  if (speed === undefined) return []
  return [...Map.groupBy(speed.cells, (cell) => cell.arm.group)].flatMap(([group, cells]) => {
    const panels = [...Map.groupBy(cells, (cell) => cell.panel)].map(([panel, ofPanel]) => ({
      metric: speed.metric,
      group,
      panel,
      offered: ofPanel.flatMap((cell): Offered[] => {
        const speedValue = evidence.valueOf(cell, speed.metric)
        const isPriced = evidence.valueOf(cell, 'usd_per_mtok') !== undefined
        return speedValue === undefined || !isPriced ? [] : [{ speed: cell, speedValue, borrowed: false }]
      }),
    }))
    const [most] = panels.toSorted((a, b) => b.offered.length - a.offered.length)
    return most === undefined || pricesOf(most.offered.map(({ speed: cell }) => cell)) < 2 ? [] : [most]
  })
}

/** Of valid ones, by means. */
function withFront(metric: Metric, costs: readonly Metric[], offers: readonly Offer[]): Offer[] {
  const points = offers.map((offer) =>
    offer.valid ? [offer.speed.value, ...offer.costs.map(({ value }) => value.value)] : undefined,
  )
  const better = [metric, ...costs].map((each) => (metrics[each].better === 'higher' ? 'higher' : 'lower'))
  const front = paretoFront(points, better)
  return offers.map((offer, at) => ({ ...offer, isOnFront: front[at] === true }))
}
