import type { Cell } from '../../lib/domain/cell.ts'
import type { Metric, MetricValue } from '../../lib/domain/metric.ts'
import type { Plan } from '../../lib/domain/plan.ts'
import type { Invalidity, MemorySample, SpoolRecord } from '../../lib/domain/record.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { deriveRequest } from '../../lib/measure/derive-request.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted } from '../../lib/store/launches.ts'
import { writeMeasurements } from '../../lib/store/measurements.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import { cellOf, decodeTps, digestOf, manifestOf, type Quantization } from '../report/fixture-cell.ts'

export type Size = {
  /** Measured requests of a trial. */
  requests: number
  blocks: number
  clients: readonly number[]
  /** Output tokens of a request. */
  tokens: number
}
const quantizations = ['f16', 'q8_0', 'q4_0'] as const

/** Puts a plan with made-up timings into `store`: quantizations by clients, as runs and derivations would. Returns its id. */
export function synthesize(store: Store, size: Size): string {
  const plan = planOf(size)
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs: Date.UTC(2026, 10, 20, 9, 0, 5) })
  let trialId = 0
  for (const [at, { cellIds, block }] of plan.launches.entries()) {
    const launchId = at + 1
    markStarted(store, { launchId, sessionId, spool: `/spools/${launchId}` })
    const launch: Launch = { launchId, block, random: randomSequence(launchId), n: 0, atUs: 1_000_000 }
    const cells = cellIds.map((id) => plan.cells.find((cell) => cell.id === id) as Cell)
    const manifest = manifestOf(cells[0] as Cell)
    commit(store, launch, [
      { kind: 'claimed', attempt: 1, pid: 1, atMs: Date.UTC(2026, 10, 20, 9, launchId) },
      { kind: 'loaded', loadMs: 160 + 40 * launch.random(), manifest },
    ])
    for (const cell of cells) writeTrial(store, launch, { cell, trialId: (trialId += 1), size })
    commit(store, launch, [{ kind: 'done', outcome: { status: 'ok' }, atMs: Date.UTC(2026, 10, 20, 9, launchId + 1) }])
  }
  return plan.id
}

function planOf({ blocks, clients, requests, tokens }: Size): Plan {
  const options = { requests, prompt: 'Once upon a time' }
  const cells = quantizations.flatMap((quantization) =>
    clients.map((count): Cell => {
      const cell = cellOf({ model: 'random-50m', quantization, threads: 2, workload: 'decode', options })
      const axes = { model: 'random-50m', quantization, workload: 'decode', 'load.clients': count }
      const { workload } = cell.config
      if (workload.kind !== 'completion') throw new Error('a decode is a completion')
      return {
        ...cell,
        id: digestOf(JSON.stringify([axes, requests, blocks])),
        axes,
        arm: JSON.stringify({ model: 'random-50m', quantization }),
        config: {
          ...cell.config,
          workload: { ...workload, sampling: { ...workload.sampling, maxTokens: tokens } },
          load: { kind: 'closed', clients: count, requests },
        },
      }
    }),
  )
  const arms = [...Map.groupBy(cells, (cell) => cell.arm).entries()]
  return {
    id: digestOf(JSON.stringify([requests, blocks, clients])).slice(0, 12),
    experiment: {
      name: 'clients',
      title: 'Does quantizing pay under load?',
      question: 'How do throughput and the time to the first token change with the number of clients?',
      file: 'experiments/clients.yaml',
      text: 'name: clients\n',
      digest: digestOf('clients'),
    },
    createdAtMs: Date.UTC(2026, 10, 20, 9, 0, 0),
    seed: 42,
    blocks,
    cells,
    skipped: [],
    launches: Array.from({ length: blocks }, (_, block) =>
      arms.map(([arm, ofArm]) => ({ block, arm, stratum: '{}', device: 'cpu', cellIds: ofArm.map(({ id }) => id) })),
    ).flat(),
    command: 'benchbook run experiments/clients.yaml',
  }
}

type Unnumbered<R = SpoolRecord> = R extends unknown ? Omit<R, 'n'> : never
type Launch = { launchId: number; block: number; random: () => number; n: number; atUs: number }

function commit(store: Store, launch: Launch, records: readonly Unnumbered[]): void {
  const numbered = records.map((record) => ({ n: (launch.n += 1), ...record }))
  commitRecords(store, { launchId: launch.launchId, records: numbered, endOffset: launch.n })
}

type Trial = { cell: Cell; trialId: number; size: Size }
function writeTrial(store: Store, launch: Launch, { cell, trialId, size }: Trial): void {
  const { clients } = cell.config.load
  const startedUs = launch.atUs
  const speed =
    (decodeTps[cell.config.quantization as Quantization] / (0.55 + 0.45 * clients)) *
    (1 + 0.05 * (launch.random() - 0.5)) *
    (1 - 0.01 * launch.block)
  const requests = timelines(launch, { clients, speed, requests: size.requests, tokens: size.tokens })
  const memory = memoryOf(launch, startedUs, clients)
  const busy = launch.launchId === 5
  const invalid: Invalidity[] = busy ? [{ reason: 'contention', detail: '0.42 cores were busy elsewhere' }] : []
  commit(store, launch, [{ kind: 'trial-started', trialId, atUs: startedUs }])
  commit(
    store,
    launch,
    requests.map((request, index) => ({ kind: 'request', trialId, index, ...request })),
  )
  commit(store, launch, [
    { kind: 'memory', trialId, samples: memory },
    { kind: 'trial-ended', trialId, atUs: launch.atUs, end: { status: 'ok' }, invalid },
  ])
  measure(store, trialId, { requests, memory })
  launch.atUs += 500_000
}

function measure(store: Store, trialId: number, seen: { requests: RequestTimeline[]; memory: MemorySample[] }): void {
  const ids = store
    .sql<{ id: number }>('SELECT id FROM request WHERE trial = ? ORDER BY record')
    .all(trialId)
    .map(({ id }) => id)
  writeMeasurements(store, {
    trialId,
    metrics: trialMetrics(seen),
    requests: seen.requests.map((request, index) => ({ id: ids[index] as number, metrics: deriveRequest(request) })),
  })
}

// Of so many requests as in the bench only the first are pooled: the real derivation takes minutes for a million.
const pooled = 5000
function trialMetrics({ requests, memory }: { requests: RequestTimeline[]; memory: MemorySample[] }) {
  const derived: Partial<Record<Metric, MetricValue>> = deriveTrial({
    requests: requests.slice(0, pooled),
    memory,
    loadMs: 180,
  })
  return derived
}

type Pace = { clients: number; speed: number; requests: number; tokens: number }
/** Closed-loop clients with queueing, a slow tail, a drift upwards, and some failures. */
function timelines(launch: Launch, { clients, speed, requests, tokens }: Pace): RequestTimeline[] {
  const { random } = launch
  const free = Array.from({ length: clients }, (_, client) => launch.atUs + 1000 * client)
  const made = Array.from({ length: requests }, (_, at): RequestTimeline => {
    const client = free.indexOf(Math.min(...free))
    const sentUs = Math.round(free[client] as number)
    const slow = random() < 0.02 ? 2 + 3 * random() : 1
    const drift = 1 + (0.12 * at) / requests
    const ttftUs = Math.round((3e6 / speed) * (0.8 + 0.5 * random()) * slow * drift)
    const deltasUs = [
      ttftUs,
      ...Array.from({ length: tokens - 1 }, () => Math.round((1e6 / speed) * (0.9 + 0.2 * random()))),
    ]
    const doneUs = deltasUs.reduce((sum, delta) => sum + delta, 0) + 50
    free[client] = sentUs + doneUs + 100
    const failed = at % 1499 === 41
    return {
      promptId: `p${at % 20}`,
      part: 'completion',
      phase: 'measured',
      client,
      scheduledUs: sentUs - 10,
      sentUs,
      doneUs,
      outcome: failed
        ? { status: 'failed', reason: 'stall', detail: 'no token for 30 s' }
        : { status: 'ok', finish: 'length' },
      promptTokens: 12,
      outputTokens: tokens,
      tokensFrom: 'engine',
      events: { deltasUs },
    }
  })
  launch.atUs = Math.max(...free)
  return made
}

const samplesPerTrial = 200
function memoryOf(launch: Launch, fromUs: number, clients: number): MemorySample[] {
  const baseBytes = 90e6 + 6e6 * clients + 2e6 * launch.random()
  const stepUs = Math.max(1, (launch.atUs - fromUs) / samplesPerTrial)
  return Array.from({ length: samplesPerTrial }, (_, at) => {
    const pssBytes = Math.round(baseBytes * (1 - 0.3 * Math.exp(-at / 8)))
    const otherCores =
      launch.launchId === 5 && at > 80 && at < 140 ? 0.4 + 0.3 * launch.random() : 0.04 * launch.random()
    return { atUs: Math.round(fromUs + at * stepUs), rssBytes: pssBytes + 14e6, pssBytes, otherCores }
  })
}
