import type { Cell } from '../../lib/domain/cell.ts'
import type { MetricValue } from '../../lib/domain/metric.ts'
import type { RequestRow, TrialRow } from '../../lib/domain/plan-data.ts'
import type { ClientHealth, Invalidity } from '../../lib/domain/record.ts'
import type { Plan } from '../../lib/domain/plan.ts'

export type LoadFixtureOptions = {
  /** Numbers of clients of a closed loop, or arrivals per second. */
  clients?: readonly number[]
  rates?: readonly number[]
  servers?: readonly string[]
  kind?: 'emulator' | 'openai'
  blocks?: number
  requests?: number
  /** How long an arrival waits for a free client, in milliseconds: hidden from TTFT. */
  poolWaitMs?: number
  objectives?: Plan['objectives']
}

type Run = { id: number; block: number; cell: Cell; random: () => number; options: LoadFixtureOptions }
/** A trial at a server with 16 slots, and its requests. */
export function measure({ id, block, cell, random, options }: Run): { trial: TrialRow; requests: RequestRow[] } {
  const { load } = cell.config
  const fast = cell.config.backend.name === 'rehearsal' ? 1 : 0.7
  const level = load.kind === 'poisson' ? Number(load.ratePerSecond) * 0.45 : load.clients
  const working = Math.min(level, 16)
  const slow = fast * (1 + 0.05 * (working - 1))
  const e2e = 50 * slow + 31 * 10 * slow
  const queue = e2e * Math.max(0, level / 16 - 1)
  const n = options.requests ?? Math.min(400, Math.round(20 + 5 * level))
  const requests = Array.from({ length: n }, (_, index): RequestRow => {
    const tpot = 10 * slow * (1 + 0.1 * (random() - 0.5))
    const ttft = 50 * slow * (1 + 0.3 * random()) + queue * (0.8 + 0.4 * random())
    const wait = load.kind === 'closed' ? 0.05 : 0.1 + (options.poolWaitMs ?? 0)
    return {
      id: 0,
      trialId: id,
      index,
      phase: 'measured',
      part: 'completion',
      promptId: `p${(index % 2) + 1}`,
      client: index % load.clients,
      sentUs: Math.round((index * 5e6) / n),
      doneUs: Math.round(1000 * (ttft + 31 * tpot)),
      status: 'ok',
      promptTokens: 12,
      outputTokens: 32,
      metrics: {
        ttft_ms: ttft,
        ttft_scheduled_ms: ttft + wait,
        tpot_ms: tpot,
        decode_tps: 1000 / tpot,
        e2e_ms: ttft + 31 * tpot,
      },
    }
  })
  return { trial: trialOf({ id, block, cell, requests, working, slow, queue, random, options }), requests }
}

type Measured = {
  id: number
  block: number
  cell: Cell
  requests: readonly RequestRow[]
  working: number
  slow: number
  queue: number
  random: () => number
  options: LoadFixtureOptions
}
function trialOf({ id, block, cell, requests, working, slow, queue, random, options }: Measured): TrialRow {
  const busy = 0.2 + 0.02 * working * (1 + random())
  const output = (working * 32_000) / (360 * slow)
  const met = 1 / (1 + Math.exp((queue - 150) / 40))
  const metrics: TrialRow['metrics'] = {
    ...ofRequests(requests),
    output_tps: { value: output * (1 + 0.02 * (random() - 0.5)) },
    request_rate: { value: output / 32 },
    concurrency: { value: working },
    error_rate: { value: 0 },
    send_lag_ms: { value: busy * 0.3, n: requests.length, median: busy * 0.2, p99: busy * 0.8 },
    loop_delay_ms: { value: busy },
    events_per_read: { value: 1.2 },
    client_cores: { value: 0.02 * working },
    ...(options.objectives && { goodput_share: { value: met }, goodput: { value: (met * output) / 32 } }),
  }
  return {
    id,
    launchId: id,
    cellId: cell.id,
    block,
    status: 'ok',
    invalid: [] as Invalidity[],
    metrics,
    client: healthOf(busy, working),
  }
}

function healthOf(busy: number, working: number): ClientHealth {
  return {
    processes: 1,
    cpuCores: 0.02 * working,
    loopDelayMs: { p50: busy / 4, p99: busy, max: busy * 3 },
    events: 4000,
    reads: 3800,
    eventsPerRead: { p50: 1, p99: 2, max: 4 },
  }
}

function ofRequests(requests: readonly RequestRow[]): TrialRow['metrics'] {
  const names = ['ttft_ms', 'ttft_scheduled_ms', 'tpot_ms', 'decode_tps', 'e2e_ms'] as const
  return Object.fromEntries(
    names.map((name): [string, MetricValue] => {
      const values = requests.map(({ metrics }) => metrics[name] ?? 0).toSorted((a, b) => a - b)
      const mean = Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
      return [name, { value: mean, n: values.length, median: values[Math.floor(values.length / 2)] ?? 0 }]
    }),
  )
}
