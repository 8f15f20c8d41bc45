import type { Metric } from '../domain/metric.ts'
import type { MemorySample } from '../domain/record.ts'

/** What of the samples a figure shows, and in which unit. */
export type Kind = {
  field: 'pssBytes' | 'rssBytes' | 'vramBytes' | 'otherCores' | 'gpuSmMhz' | 'gpuCelsius'
  id: 'pss' | 'rss' | 'vram' | 'load' | 'gpu-clock' | 'gpu-heat'
  metric: Metric
  unit: string
  divisor: number
  /** Which end of a course is told: a clock falls, everything else rises. */
  end: 'peak' | 'least'
}

const mebibyte = 2 ** 20
const bytes = { unit: 'MiB', divisor: mebibyte, end: 'peak' } as const

/** Of system memory, the first that could be read. */
export const memoryKinds: readonly Kind[] = [
  { field: 'pssBytes', id: 'pss', metric: 'pss_peak_bytes', ...bytes },
  { field: 'rssBytes', id: 'rss', metric: 'rss_peak_bytes', ...bytes },
]
export const gpuMemory: Kind = { field: 'vramBytes', id: 'vram', metric: 'vram_peak_bytes', ...bytes }
export const gpuClock: Kind = {
  field: 'gpuSmMhz',
  id: 'gpu-clock',
  metric: 'vram_peak_bytes',

  unit: 'MHz',
  divisor: 1,
  end: 'least',
}
export const gpuHeat: Kind = {
  field: 'gpuCelsius',
  id: 'gpu-heat',
  metric: 'vram_peak_bytes',

  unit: '°C',
  divisor: 1,
  end: 'peak',
}
export const otherLoad: Kind = {
  field: 'otherCores',
  id: 'load',
  metric: 'rss_peak_bytes',

  unit: '',
  divisor: 1,
  end: 'peak',
}

/** The largest value of a course, or of a clock the least. */
export function endOf({ field, end }: Pick<Kind, 'field' | 'end'>, samples: readonly MemorySample[]): number {
  const values = samples.flatMap((sample) => sample[field] ?? [])
  return end === 'peak' ? Math.max(...values) : Math.min(...values)
}
