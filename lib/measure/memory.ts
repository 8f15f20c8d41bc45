import type { EngineMemory } from '../domain/manifest.ts'
import type { Metric, MetricValue } from '../domain/metric.ts'
import type { MemorySample } from '../domain/record.ts'
import { mean } from '../stats/mean.ts'

type Values = { [M in Metric]?: MetricValue | undefined }
type Field = Exclude<keyof MemorySample, 'atUs'>

/** Peak and mean of what was readable of the engine's memory, and what the engine itself says of it: never merged. */
export function memory(samples: readonly MemorySample[], engine: EngineMemory = {}): Values {
  const of = (field: Field) => samples.map((sample) => sample[field]).filter((bytes) => bytes !== undefined)
  const peak = (field: Field) => ({ value: of(field).reduce((most, bytes) => Math.max(most, bytes), 0) })
  return {
    rss_peak_bytes: peak('rssBytes'),
    rss_mean_bytes: { value: mean(of('rssBytes')) },
    anon_peak_bytes: peak('anonBytes'),
    file_peak_bytes: peak('fileBytes'),
    pss_peak_bytes: peak('pssBytes'),
    pss_mean_bytes: { value: mean(of('pssBytes')) },
    pss_anon_peak_bytes: peak('pssAnonBytes'),
    pss_file_peak_bytes: peak('pssFileBytes'),
    vram_peak_bytes: peak('vramBytes'),
    vram_claimed_bytes: said(engine.claimedBytes),
    vram_reserved_bytes: said(engine.reservedBytes),
    gpu_used_peak_bytes: peak('gpuUsedBytes'),
  }
}

const said = (bytes: number | undefined) => (bytes === undefined ? undefined : { value: bytes })
