import { metrics, type Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { isOpen } from './load-level.ts'
import { isUnderLoad } from './load-sweep.ts'
import { definitionOf, labelOf } from './metric-words.ts'
import { shownUnit } from './numbers.ts'
import { rawPoints } from './raw-points.ts'

export type MatrixColumn = {
  name: string
  unit: string
  title: string
  href: string
  id: string
  hidden: boolean
  strip: string
}

/** A column of the matrix before it is put in words. */
export type Column = { id: string; metric: Metric; kind: ShownCell['kind']; hidden: boolean; strip: boolean }

// What stands in the table at first, by kind of workload; everything else that was measured is there to be chosen.
const shownFirst: Readonly<Record<ShownCell['kind'], readonly Metric[]>> = {
  completion: ['decode_tps', 'ttft_ms', 'check_share', 'pss_peak_bytes', 'load_ms'],
  chat: ['decode_tps', 'ttft_ms', 'check_share', 'pss_peak_bytes', 'load_ms'],
  'prefill-decode': ['tg_tps', 'pp_tps', 'pss_peak_bytes', 'load_ms'],
  // The last three only where nothing else was measured: what smaller weights save stands beside what they cost.
  perplexity: [
    ...(['perplexity', 'kld', 'kld_at_least', 'top_token_share'] as const),
    ...(['model_bytes', 'effective_bpw', 'pss_peak_bytes'] as const),
  ],
}
/** With several clients no longer one speed tells it: what all get together, and what each of them waits for. */
const withClients: readonly Metric[] = ['output_tps', 'ttft_ms', 'tpot_ms', 'check_share', 'pss_peak_bytes', 'load_ms']
/** Of a server memory and loading are its own affair; of arrivals the wait counts from their schedule. */
const ofServer: readonly Metric[] = ['output_tps', 'goodput_share', 'ttft_ms', 'tpot_ms', 'check_share', 'error_rate']
const ofArrivals: readonly Metric[] = [
  'goodput_share',
  'output_tps',
  'ttft_scheduled_ms',
  'ttft_ms',
  'tpot_ms',
  'check_share',
  'error_rate',
]
/** Only where the hardware has a price, and then somebody wants to know. */
const ofPrices: readonly Metric[] = ['usd_per_mtok', 'per_usd']
const withStrip: readonly Metric[] = ['decode_tps', 'tg_tps']
const ofEngineOrArtifact: readonly Metric[] = [
  'load_ms',
  'model_bytes',
  'effective_bpw',
  'pss_peak_bytes',
  'rss_peak_bytes',
  'anon_peak_bytes',
  'file_peak_bytes',
  'pss_anon_peak_bytes',
  'pss_file_peak_bytes',
  'vram_claimed_bytes',
  'vram_reserved_bytes',
]

/** The metrics that have a value anywhere, each under the kind of workload that it is of. */
export function columnsOf(evidence: Evidence): Column[] {
  const { cells } = evidence.comparison
  const kinds = [...new Set(cells.map((cell) => cell.kind))]
  const columns = kinds.flatMap((kind, index) =>
    metricsOf(evidence, kind)
      .filter((metric) => index === 0 || !ofEngineOrArtifact.includes(metric) || kinds.length === 1)
      .map((metric) => ({
        id: `${kind}-${metric}`,
        metric,
        kind,
        hidden: !isShownFirst(evidence, kind, metric),
        strip: withStrip.includes(metric),
      })),
  )
  return [...columns.filter((column) => !column.hidden), ...columns.filter((column) => column.hidden)]
}

/** Those to be shown first, first. Where nothing was measured one column stays, to say why. */
function metricsOf(evidence: Evidence, kind: ShownCell['kind']): Metric[] {
  const cells = evidence.comparison.cells.filter((cell) => cell.kind === kind)
  const all = Object.keys(metrics) as Metric[]
  const first = firstOf(evidence, kind)
  const measured = [...new Set([...first, ...ofPrices, ...all])].filter((metric) =>
    cells.some((cell) => evidence.valueOf(cell, metric) !== undefined),
  )
  return measured.length > 0 ? measured : first.slice(0, 1)
}

/** RSS stands in where PSS could not be read. */
function isShownFirst(evidence: Evidence, kind: ShownCell['kind'], metric: Metric): boolean {
  if (metric === 'rss_peak_bytes' && kind !== 'perplexity') return !metricsOf(evidence, kind).includes('pss_peak_bytes')
  return firstOf(evidence, kind).includes(metric) || ofPrices.includes(metric)
}

function firstOf({ comparison }: Evidence, kind: ShownCell['kind']): readonly Metric[] {
  const cells = comparison.cells.filter((cell) => cell.kind === kind)
  if (cells.length > 0 && cells.every(isUnderLoad))
    return cells.some(({ cell }) => isOpen(cell.config.load)) ? ofArrivals : ofServer
  const clients = cells.map((cell) => cell.cell.config.load.clients)
  const isWriting = kind === 'chat' || kind === 'completion'
  return isWriting && clients.some((n) => n > 1) ? withClients : shownFirst[kind]
}

/** The head of a column; `several` kinds of workload make it say which one it is of. */
export function columnHead(
  evidence: Evidence,
  { id, metric, kind, hidden, strip }: Column,
  several: boolean,
): MatrixColumn {
  return {
    id,
    name: labelOf(evidence, metric),
    unit: shownUnit(metric),
    title: `${metric}${several ? ` (${kind})` : ''} = ${definitionOf(evidence, metric)}`,
    href: `#metric-${metric}`,
    hidden,
    strip: strip ? stripHead(evidence, metric) : '',
  }
}

function stripHead(evidence: Evidence, metric: Metric): string {
  const points = evidence.comparison.cells.flatMap((cell) => rawPoints(evidence, cell, metric))
  return evidence.words(
    points.some((point) => point.of === 'request') ? 'matrix.strip-requests' : 'matrix.strip-launches',
  )
}
