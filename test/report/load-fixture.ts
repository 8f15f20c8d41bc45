import type { EmulatorConfig } from '../../lib/domain/backend-config.ts'
import type { Cell, CellConfig, LoadConfig } from '../../lib/domain/cell.ts'
import type { Manifest } from '../../lib/domain/manifest.ts'
import type { LaunchRow, PlanData, TrialRow } from '../../lib/domain/plan-data.ts'
import type { Plan } from '../../lib/domain/plan.ts'
import type { Calibration, Invalidity } from '../../lib/domain/record.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { evenly } from '../emulator/emulation.ts'
import { digestOf } from './fixture-cell.ts'
import { measure, type LoadFixtureOptions } from './load-fixture-trial.ts'

const emulation: Omit<EmulatorConfig, 'name'> = {
  ...evenly,
  kind: 'emulator',
  promptTokenMs: 0.05,
  jitter: 0.05,
  slots: 16,
  slowdown: 0.05,
  clientProcesses: 1,
  salt: true,
}
export const calibration: Calibration = {
  atMs: Date.UTC(2026, 10, 21, 9, 0, 1),
  ttftMs: { p50: 0.11, p99: 0.42, max: 1.9 },
  gapErrorMs: { p50: 0.02, p99: 0.31, max: 0.9 },
  sendLagMs: { p50: 0.03, p99: 0.28, max: 0.8 },
  loopDelayMs: { p50: 0.05, p99: 0.35, max: 1.1 },
  eventsPerSecond: 212_000,
  cpuUsPerEvent: 4.71,
}

function cellOf(server: string, level: number, options: LoadFixtureOptions): Cell {
  const rates = options.rates !== undefined
  const load: LoadConfig = rates
    ? { kind: 'poisson', ratePerSecond: level, clients: 64, seed: 42, durationMs: 5000 }
    : { kind: 'closed', clients: level, durationMs: 5000 }
  const { kind: _, ...settings } = emulation
  const { clientProcesses, salt } = settings
  const config: CellConfig = {
    model: { name: 'mute' },
    quantization: 'none',
    artifact: { kind: 'served', name: 'mute' },
    backend:
      options.kind === 'openai'
        ? { name: server, kind: 'openai', url: 'http://127.0.0.1:8000', clientProcesses, salt }
        : { name: server, kind: 'emulator', ...settings },
    hardware: { name: 'local', target: 'local', needs: { accelerator: 'cpu' } },
    workload: {
      name: 'ask',
      kind: 'chat',
      prompts: [
        { id: 'p1', text: 'Why is the sky blue?' },
        { id: 'p2', text: 'And at dusk?', followUps: ['And on Mars?'] },
      ],
      sampling: { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 42, maxTokens: 32 },
      output: 'fixed',
    },
    load,
    warmup: { requests: 1 },
  }
  const axes = { backend: server, [rates ? 'load.ratePerSecond' : 'load.clients']: level, workload: 'ask' }
  return {
    id: digestOf(JSON.stringify(axes)),
    axes,
    arm: JSON.stringify({ backend: server }),
    stratum: '{}',
    config,
    artifact: { digest: digestOf('mute'), path: 'mute' },
    limits: { loadMs: 30_000, firstTokenMs: 60_000, stallMs: 30_000, trialMs: 900_000, retries: 0 },
  }
}

function manifestOf({ config }: Cell): Manifest {
  const host: Manifest['host'] = {
    os: 'Linux 6.1.0',
    cpu: 'AMD EPYC 7B13',
    cores: 2,
    memoryBytes: 8_247_000_000,
    accelerators: [],
    unavailable: [],
  }
  const server = {
    url: 'http://127.0.0.1:8000',
    place: 'this-machine',
    model: 'mute',
    says: { server: 'emulator' },
  } as const
  return {
    tool: { version: '0.1.0', commit: 'a1b2c3d4e5f6', dirty: false, measurement: 1 },
    runtime: { node: 'v24.21.0', platform: 'linux', arch: 'x64' },
    host,
    engine: {
      name: config.backend.kind,
      version: '',
      build: config.backend.kind,
      artifact: { digest: digestOf('mute') },
      server,
    },
    conditions: { freeMemoryBytes: 6_100_000_000, loadAverage: 0.2 },
  }
}

/** A server with 16 slots that slow each other down, under rising load: figures are made up, and the same every time. */
export function loadFixture(options: LoadFixtureOptions = {}): PlanData {
  const servers = options.servers ?? ['rehearsal']
  const levels = options.rates ?? options.clients ?? [1, 2, 4, 8, 16, 32, 64]
  const blocks = options.blocks ?? 3
  const cells = servers.flatMap((server) => levels.map((level) => cellOf(server, level, options)))
  const planned = Array.from({ length: blocks }, (_, block) =>
    cells.map((cell) => ({ block, arm: cell.arm, stratum: '{}', device: 'cpu', cellIds: [cell.id] })),
  ).flat()
  const random = randomSequence(7)
  const measured = planned.map(({ block, cellIds: [cellId = ''] }, at) =>
    measure({ id: at + 1, block, cell: cells.find(({ id }) => id === cellId) as Cell, random, options }),
  )
  return {
    plan: planOf(cells, planned, blocks, options),
    sessions: [
      {
        id: 1,
        startedAtMs: Date.UTC(2026, 10, 21, 9, 0, 0),
        endedAtMs: Date.UTC(2026, 10, 21, 9, 2, 0),
        resumes: 0,
        status: 'ended',
        calibration,
      },
    ],
    launches: planned.map(({ block, arm }, at) => launchOf(at, block, arm)),
    trials: measured.map(({ trial }) => trial),
    unused: [],
    requests: measured.flatMap(({ requests }) => requests).map((request, at) => ({ ...request, id: at + 1 })),
    manifests: Object.fromEntries(
      cells.map((cell) => [`manifest-${cell.arm}`, { manifest: manifestOf(cell), setup: digestOf(cell.arm) }]),
    ),
    artifacts: {},
  }
}

function launchOf(at: number, block: number, arm: string): LaunchRow {
  return {
    id: at + 1,
    ordinal: at,
    block,
    arm,
    stratum: '{}',
    device: 'cpu',
    attempt: 1,
    status: 'ok',
    outcome: { status: 'ok' },
    loadMs: 60,
    manifestDigest: `manifest-${arm}`,
    spoolOffset: 0,
  }
}

function planOf(cells: readonly Cell[], launches: Plan['launches'], blocks: number, options: LoadFixtureOptions): Plan {
  const { objectives } = options
  return {
    id: '5a1ad0c1e0e5',
    experiment: {
      name: 'rehearsal',
      title: 'How many users does a server bear?',
      question: 'From how many clients on does more load only add waiting?',
      file: 'experiments/rehearsal.yaml',
      text: 'name: rehearsal\n',
      digest: digestOf('rehearsal'),
    },
    createdAtMs: Date.UTC(2026, 10, 21, 9, 0, 0),
    seed: 42,
    blocks,
    cells,
    skipped: [],
    launches,
    command: 'benchbook run experiments/rehearsal.yaml',
    ...(objectives !== undefined && { objectives }),
  }
}

/** `data` with the trials that `pick` takes invalid. */
export function withInvalid(data: PlanData, invalid: Invalidity, pick: (trial: TrialRow) => boolean): PlanData {
  return { ...data, trials: data.trials.map((trial) => (pick(trial) ? { ...trial, invalid: [invalid] } : trial)) }
}
