import type { Manifest } from '../../lib/domain/manifest.ts'
import type { CellHistory, PlanData, RequestRow } from '../../lib/domain/plan-data.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { abFixture } from './ab-fixture.ts'
import { fixture } from './fixture.ts'
import { loadFixture } from './load-fixture.ts'

const seconds: Readonly<Record<string, number>> = { greet: 0.8, explain: 3.1, translate: 1.6 }

/** Four arms that answered three prompts in three blocks; the last has no valid trial. */
export function promptsFixture(): PlanData {
  const data = fixture({ models: ['demo'], threads: [2], blocks: 3, requests: 6 })
  const ids = Object.keys(seconds)
  const cells = data.plan.cells.map((cell) => {
    const { workload } = cell.config
    if (workload.kind !== 'completion') return cell
    const prompts = ids.map((id) => ({ id, text: `Prompt ${id}` }))
    return { ...cell, config: { ...cell.config, workload: { ...workload, prompts } } }
  })
  const last = cells.findLast(({ config }) => config.workload.kind === 'completion')?.id
  const trials = data.trials.map((trial) =>
    trial.cellId === last ? { ...trial, invalid: [{ reason: 'contention' as const, detail: 'other load' }] } : trial,
  )
  const requests = data.requests.map((row): RequestRow => {
    const { decode_tps } = row.metrics
    if (row.part !== 'completion' || decode_tps === undefined) return row
    const promptId = ids[row.index % ids.length] as string
    const e2e_ms = ((seconds[promptId] ?? 1) * 8e6) / decode_tps
    return { ...row, promptId, metrics: { ...row.metrics, e2e_ms, request_tps: 128_000 / e2e_ms } }
  })
  return { ...data, plan: { ...data.plan, cells }, trials, requests }
}

/** Two arms of three numbers of threads in two blocks, with what was sampled meanwhile. */
function sampledFixture(): PlanData {
  const data = fixture({ models: ['demo'], threads: [1, 2, 4], blocks: 2, requests: 6 })
  const telemetry = data.trials.map(({ id }) => ({
    trialId: id,
    n: 5,
    samples: [0, 1, 2, 3, 4].map((at) => ({
      atUs: at * 500_000,
      pssBytes: (60 + at * (1 + (id % 3))) * 2 ** 20,
      otherCores: 0.02 * at,
    })),
  }))
  return { ...data, telemetry }
}

/** Quantizations by threads; one cell failed, one is invalid. */
function gridFixture(): PlanData {
  const data = fixture({ models: ['demo'], threads: [1, 2, 4, 8], blocks: 2, requests: 3 })
  const decodes = data.plan.cells.filter(({ config }) => config.workload.kind === 'completion')
  const [failed, doubtful] = [decodes[3]?.id, decodes[6]?.id]
  const trials = data.trials.map((trial) => {
    if (trial.cellId === failed)
      return { ...trial, status: 'failed' as const, reason: 'out-of-memory' as const, metrics: {} }
    const invalid = [{ reason: 'contention' as const, detail: 'other load' }]
    return trial.cellId === doubtful ? { ...trial, invalid } : trial
  })
  return { ...data, trials }
}

/** Answers of 5 to 90 tokens to prompts of 8 to 60; the second arm answers at twice the length and is invalid. */
function lengthsFixture(): PlanData {
  const data = loadFixture({ clients: [8], servers: ['rehearsal', 'other'], blocks: 1, requests: 30 })
  const random = randomSequence(11)
  const requests = data.requests.map((row): RequestRow => {
    const outputTokens = Math.round((5 + 40 * random() ** 2) * row.trialId)
    const e2e_ms = 60 + 11 * outputTokens + 30 * random()
    const failed = row.index === 9 ? { status: 'failed' as const, reason: 'stall' as const } : {}
    const promptTokens = 8 + Math.floor(53 * random())
    return { ...row, ...failed, promptTokens, outputTokens, metrics: { ...row.metrics, e2e_ms } }
  })
  const trials = data.trials.map((trial) =>
    trial.id === 2 ? { ...trial, invalid: [{ reason: 'client-late' as const, detail: 'send lag' }] } : trial,
  )
  return { ...data, trials, requests }
}

/** Two arms on a GPU in two blocks; the second launch of the first was slowed down and is invalid. */
export function gpuFixture(threads: readonly number[] = [1]): PlanData {
  const data = fixture({ models: ['demo'], threads, workloads: ['decode'], blocks: 2, requests: 6 })
  const [hot] = data.trials.filter(({ block }) => block === 1)
  const telemetry = data.trials.map(({ id }) => ({
    trialId: id,
    n: 8,
    samples: [0, 1, 2, 3, 4, 5, 6, 7].map((at) => {
      const slow = id === hot?.id && at >= 3 && at < 6
      return {
        atUs: at * 400_000,
        pssBytes: 2 ** 29,
        gpuSmMhz: slow ? 1110 + 15 * at : 1980 - 5 * (id % 3),
        gpuCelsius: 61 + 3 * at + (slow ? 4 : 0),
        gpuSlowdowns: slow ? 0x44 : 0x04,
      }
    }),
  }))
  const invalid = [{ reason: 'throttled' as const, detail: 'a GPU slowed itself down for its temperature (card)' }]
  const trials = data.trials.map((trial) => (trial === hot ? { ...trial, invalid } : trial))
  return { ...data, trials, telemetry }
}

/** Cells that two other plans measured before, the first of them with another build of the engine. */
export function historyFixture(): PlanData {
  const data = fixture({ models: ['demo'], threads: [1, 2], workloads: ['decode'], blocks: 2, requests: 4 })
  const before = [
    { planId: 'a1b2c3000001', days: 9, speed: 0.8, build: 'b6500' },
    { planId: 'd4e5f6000002', days: 2, speed: 0.97, build: 'b6980' },
  ]
  const history = data.plan.cells.slice(0, 6).flatMap(({ id }) =>
    before.map(({ planId, days, speed, build }): CellHistory => {
      const trials = data.trials.filter(({ cellId }) => cellId === id)
      const manifest = Object.values(data.manifests)[0]?.manifest as Manifest
      const engine = { ...(manifest.engine as NonNullable<Manifest['engine']>), build }
      return {
        cellId: id,
        planId,
        startedAtMs: (data.sessions[0]?.startedAtMs ?? 0) - days * 86_400_000,
        manifest: { ...manifest, engine },
        trials: trials.map((trial) => ({
          ...trial,
          metrics: { decode_tps: { value: speed * (trial.metrics.decode_tps?.value ?? 1) } },
        })),
      }
    }),
  )
  return { ...data, history }
}

/** Answers at about the pace of a reader: two arms below it, one across its end, one above; the slowest is invalid with two threads. */
export function paceFixture(): PlanData {
  const data = fixture({ models: ['demo'], threads: [1, 2], workloads: ['decode'], blocks: 3, requests: 4 })
  const slowest = data.plan.cells.find(({ axes }) => axes['quantization'] === 'f16' && axes['backend.threads'] === 2)
  const trials = data.trials.map((trial) => {
    const { decode_tps } = trial.metrics
    const invalid = trial.cellId === slowest?.id ? [{ reason: 'contention' as const, detail: 'other load' }] : []
    if (decode_tps === undefined) return trial
    return { ...trial, invalid, metrics: { decode_tps: { ...decode_tps, value: decode_tps.value / 600 } } }
  })
  return { ...data, trials, requests: [] }
}

/** A plan for each kind of chart. */
export const chartFixtures = {
  sampled: sampledFixture,
  prompts: promptsFixture,
  grid: gridFixture,
  lengths: lengthsFixture,
  gpu: () => gpuFixture(),
  history: historyFixture,
  ab: () => abFixture(),
  pace: paceFixture,
  load: () => loadFixture({ clients: [1, 4, 16, 32], servers: ['rehearsal', 'other'], blocks: 2, requests: 12 }),
  goodput: () =>
    loadFixture({ rates: [10, 40, 60], blocks: 2, requests: 12, objectives: { ttft_scheduled_ms: 400, tpot_ms: 50 } }),
} satisfies Record<string, () => PlanData>
