import type { Metric, MetricValue } from '../domain/metric.ts'
import type { MemorySample } from '../domain/record.ts'
import { mean } from '../stats/mean.ts'

/** Peak and mean of what was readable of the memory of the engine's process tree. */
export function memory(samples: readonly MemorySample[]): { [M in Metric]?: MetricValue | undefined } {
  const of = (key: 'rssBytes' | 'pssBytes' | 'vramBytes') =>
    samples.map((sample) => sample[key]).filter((bytes) => bytes !== undefined)
  const [rss, pss, vram] = [of('rssBytes'), of('pssBytes'), of('vramBytes')]
  return {
    rss_peak_bytes: { value: peak(rss) },
    rss_mean_bytes: { value: mean(rss) },
    pss_peak_bytes: { value: peak(pss) },
    pss_mean_bytes: { value: mean(pss) },
    vram_peak_bytes: { value: peak(vram) },
  }
}

const peak = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0)
