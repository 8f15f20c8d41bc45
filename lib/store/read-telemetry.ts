import type { TrialTelemetry } from '../domain/plan-data.ts'
import type { MemorySample } from '../domain/record.ts'
import { type Nullable, present } from './columns.ts'
import type { Store } from './store.ts'
import { sampledFields, telemetryColumns } from './telemetry-columns.ts'

const columns = Object.entries(telemetryColumns).map(([column, field]) => `${column} AS ${field}`)
const selection = `SELECT at_us AS atUs, ${columns.join(', ')} FROM telemetry WHERE trial = ? ORDER BY rowid`
const sizes = { inAll: 60_000, least: 8, most: 80 } as const

/** All that was sampled while a trial ran, in order. */
export function readSamples(store: Store, trialId: number): MemorySample[] {
  const rows = store.read(() => store.sql<Nullable<MemorySample>>(selection).all(trialId))
  return rows.map((row) => present(row) as MemorySample)
}

/** What was sampled while each of `trials` ran, thinned so that all of it together stays small; trials without are left out. */
export function readTelemetry(store: Store, trials: readonly { id: number }[]): TrialTelemetry[] {
  const share = Math.floor(sizes.inAll / Math.max(1, trials.length))
  const spans = Math.min(sizes.most, Math.max(sizes.least, share))
  return trials.flatMap(({ id }) => {
    const samples = readSamples(store, id)
    return samples.length === 0 ? [] : [{ trialId: id, n: samples.length, samples: thinned(samples, spans) }]
  })
}

/** What stays of the values of a span: peaks, the dips of a clock, and every reason for slower ones. */
const kept: { [field in keyof MemorySample]?: (values: readonly number[]) => number } = {
  gpuSmMhz: (values) => Math.min(...values),
  gpuSlowdowns: (values) => values.reduce((bits, value) => bits | value, 0),
}

/** At most `spans` samples, each the largest (of a clock the least) of everything that was seen in an equal span of time. */
function thinned(samples: readonly MemorySample[], spans: number): MemorySample[] {
  const [first, last] = [samples[0]?.atUs ?? 0, samples.at(-1)?.atUs ?? 0]
  const relative = samples.map((sample) => ({ ...sample, atUs: sample.atUs - first }))
  if (samples.length <= spans) return relative
  const spanUs = (last - first) / spans
  const bySpan = Map.groupBy(relative, ({ atUs }) => Math.min(spans - 1, Math.floor(atUs / Math.max(1, spanUs))))
  return [...bySpan.values()].map((ofSpan) => {
    const largest = sampledFields.flatMap((name) => {
      const values = ofSpan.flatMap((sample) => sample[name] ?? [])
      return values.length === 0 ? [] : [[name, kept[name]?.(values) ?? Math.max(...values)]]
    })
    return { atUs: ofSpan[0]?.atUs ?? 0, ...Object.fromEntries(largest) }
  })
}
