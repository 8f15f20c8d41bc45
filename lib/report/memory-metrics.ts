import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** Memory as tables of arms show it, each source apart. */
const memory = [
  'pss_peak_bytes',
  'rss_peak_bytes',
  'anon_peak_bytes',
  'file_peak_bytes',
  'vram_peak_bytes',
  'vram_claimed_bytes',
  'vram_reserved_bytes',
  'model_bytes',
] as const satisfies readonly Metric[]
/** What system memory is made of, and what was loaded: no peak that has to fit by itself. */
const parts: readonly Metric[] = ['anon_peak_bytes', 'file_peak_bytes', 'model_bytes']

/** What is known of any of `cells`; RSS only where it stands in for a PSS that could not be read. */
export function knownMemory(evidence: Evidence, cells: readonly ShownCell[]): Metric[] {
  const has = (cell: ShownCell, metric: Metric) => evidence.valueOf(cell, metric) !== undefined
  const needed = (cell: ShownCell, metric: Metric) => metric !== 'rss_peak_bytes' || !has(cell, 'pss_peak_bytes')
  return memory.filter((metric) => cells.some((cell) => has(cell, metric) && needed(cell, metric)))
}

/** Of those the peaks that have to fit. */
export function knownPeaks(evidence: Evidence, cells: readonly ShownCell[]): Metric[] {
  return knownMemory(evidence, cells).filter((metric) => !parts.includes(metric))
}
