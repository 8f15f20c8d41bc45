import type { LoadConfig } from '../domain/cell.ts'
import type { Metric, MetricValue } from '../domain/metric.ts'
import type { ClientHealth } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { mean } from '../stats/mean.ts'
import { summarize } from '../stats/summarize.ts'
import { sendLagMs } from './send-lag.ts'

type Values = { [M in Metric]?: MetricValue | undefined }

/**
 * What the client of a server added by itself; nothing where the engine is in its process, which it cannot be told apart from.
 * A closed load waits for no client: each sends when it is free.
 */
export function clientMetrics(
  measured: readonly RequestTimeline[],
  client: ClientHealth | undefined,
  load?: LoadConfig,
): Values {
  if (client === undefined) return {}
  const { loopDelayMs, events, reads, eventsPerRead, cpuCores } = client
  const waits = load === undefined || load.kind === 'closed' ? [] : measured
  return {
    send_lag_ms: meanOf(measured.map(sendLagMs)),
    pool_wait_ms: meanOf(waits.map(({ poolWaitUs = 0 }) => poolWaitUs / 1000)),
    loop_delay_ms: { value: loopDelayMs.p99, median: loopDelayMs.p50, p99: loopDelayMs.p99 },
    events_per_read: { value: events / reads, n: reads, median: eventsPerRead.p50, p99: eventsPerRead.p99 },
    client_cores: { value: cpuCores },
  }
}

function meanOf(samples: readonly number[]): MetricValue | undefined {
  return samples.length === 0 ? undefined : { value: mean(samples), ...summarize(samples) }
}
