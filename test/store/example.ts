import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cell, WorkloadConfig } from '../../lib/domain/cell.ts'
import type { Manifest } from '../../lib/domain/manifest.ts'
import type { Plan } from '../../lib/domain/plan.ts'
import type { SpoolRecord } from '../../lib/domain/record.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted } from '../../lib/store/launches.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'

/** A folder that is removed when its test has ended. */
export function temporaryFolder(): Disposable & { path: string; at: (name: string) => string } {
  const path = mkdtempSync(join(tmpdir(), 'benchbook-store-'))
  return {
    path,
    at: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** A store in a folder of its own, both gone when the test has ended. */
export function temporaryStore(): Disposable & { store: Store; file: string } {
  const folder = temporaryFolder()
  const file = folder.at('lab.db')
  const store = openStore({ file, mode: 'write' })
  const dispose = () => {
    store[Symbol.dispose]()
    folder[Symbol.dispose]()
  }
  return { store, file, [Symbol.dispose]: dispose }
}

const chat: WorkloadConfig = {
  name: 'chat',
  kind: 'completion',
  prompts: [
    { id: 'p1', text: 'Why is the sky blue?' },
    { id: 'p2', text: '<script>alert("no")</script>' },
  ],
  sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 42, maxTokens: 3 },
  output: 'fixed',
}
const quality: WorkloadConfig = {
  name: 'quality',
  kind: 'perplexity',
  text: { id: 'held-out', text: 'a b c' },
  context: 8,
}
const speed: WorkloadConfig = {
  name: 'speed',
  kind: 'prefill-decode',
  promptTokens: 8,
  outputTokens: 3,
  depth: 0,
  seed: 1,
}

export function exampleCell(quantization: string, workload: WorkloadConfig): Cell {
  return {
    id: `${quantization}-${workload.name}`.padEnd(64, '0'),
    axes: { model: 'demo', quantization, workload: workload.name },
    arm: `{"model":"demo","quantization":"${quantization}"}`,
    stratum: '{}',
    config: {
      model: { name: 'demo', parameters: 3_700_000 },
      quantization,
      artifact: { kind: 'path', path: `models/demo-${quantization}.gguf` },
      backend: {
        name: 'embedded',
        kind: 'llama.cpp',
        threads: 1,
        batchSize: 512,
        contextSize: 512,
        flashAttention: false,
        mmap: true,
      },
      hardware: { name: 'here', target: 'local', needs: { accelerator: 'cpu' } },
      workload,
      load: { kind: 'closed', clients: 1, requests: 2 },
      warmup: { requests: 1 },
    },
    artifact: { digest: quantization.padEnd(64, 'd'), path: `/lab/models/demo-${quantization}.gguf` },
    limits: { loadMs: 300_000, firstTokenMs: 60_000, stallMs: 30_000, trialMs: 900_000, retries: 0 },
  }
}

/** Two arms in two blocks; each launch hosts chat, quality and speed. */
export function examplePlan(change: Partial<Plan> = {}): Plan {
  const workloads = [chat, quality, speed]
  const arms = ['f16', 'q4_0'].map((quantization) => workloads.map((workload) => exampleCell(quantization, workload)))
  return {
    id: 'c0ffee000001',
    experiment: {
      name: 'quick',
      title: 'A quick look',
      question: 'Is it fast?',
      file: 'experiments/quick.yaml',
      text: 'name: quick\n',
      digest: 'e'.repeat(64),
    },
    createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    seed: 7,
    blocks: 2,
    cells: arms.flat(),
    skipped: [{ axes: { model: 'demo', quantization: 'q2_k' }, reason: 'format', detail: 'no file in q2_k' }],
    launches: [0, 1].flatMap((block) =>
      arms.map((cells) => ({
        block,
        arm: cells[0]?.arm ?? '',
        stratum: '{}',
        device: 'cpu0',
        cellIds: cells.map((cell) => cell.id),
      })),
    ),
    command: 'benchbook run experiments/quick.yaml',
    ...change,
  }
}

export const exampleManifest: Manifest = {
  tool: { version: '0.1.0', commit: 'abc', dirty: false, measurement: 1 },
  runtime: { node: '24.21.0', platform: 'linux', arch: 'x64' },
  host: { os: 'Linux 6.1.0', cpu: 'A CPU', cores: 2, memoryBytes: 8e9, accelerators: [], unavailable: [] },
  engine: {
    name: 'llama.cpp',
    version: '3.21.1',
    build: 'b1',
    accelerator: 'cpu',
    devices: [],
    threads: 1,
    contextSize: 512,
    batchSize: 512,
    flashAttention: false,
    features: 'AVX2',
    artifact: {
      digest: 'f16'.padEnd(64, 'd'),
      bytes: 7_400_000,
      format: 'gguf',
      architecture: 'llama',
      parameters: 3_700_000,
      tensorBytes: 7_400_000,
      contextLength: 512,
      vocabulary: 4096,
      chatTemplate: false,
      randomWeights: false,
    },
  },
  conditions: { freeMemoryBytes: 4e9 },
}

export const exampleRequest: RequestTimeline = {
  promptId: 'p1',
  part: 'completion',
  phase: 'measured',
  client: 0,
  scheduledUs: 1000,
  sentUs: 1010,
  doneUs: 151_000,
  outcome: { status: 'ok', finish: 'length' },
  promptTokens: 5,
  cachedTokens: 0,
  outputTokens: 3,
  tokensFrom: 'engine',
  events: { deltasUs: [100_000, 20_000, 30_000] },
  engine: { promptTokens: 5, promptMs: 80.25, decodeTokens: 2, decodeMs: 40 },
  output: 'because\u0000 "<b>" 안녕',
}

type Unnumbered<R = SpoolRecord> = R extends unknown ? Omit<R, 'n'> : never

/** Records as a spool numbers them. */
export function numbered(records: readonly Unnumbered[], from = 1): SpoolRecord[] {
  return records.map((record, i) => ({ n: from + i, ...record }))
}

export const claimed: Unnumbered = { kind: 'claimed', attempt: 1, pid: 4711, atMs: 1000 }
export const loaded: Unnumbered = { kind: 'loaded', loadMs: 812.5, manifest: exampleManifest }
export const done: Unnumbered = { kind: 'done', outcome: { status: 'ok' }, atMs: 9000 }

/** What a worker writes of one trial that goes well. */
export function trialRecords(trialId: number, requests: readonly RequestTimeline[] = [exampleRequest]): Unnumbered[] {
  return [
    { kind: 'trial-started', trialId, atUs: 500 },
    ...requests.map((request, index) => ({ kind: 'request' as const, trialId, index, ...request })),
    { kind: 'memory', trialId, samples: [{ atUs: 600, rssBytes: 100, pssBytes: 60, otherCores: 0.25 }, { atUs: 700 }] },
    { kind: 'trial-ended', trialId, atUs: 200_000, end: { status: 'ok' }, invalid: [] },
  ]
}

/** The example plan in the store, its first launch running. */
export function startedPlan(store: Store, plan: Plan = examplePlan()): { launchId: number; sessionId: number } {
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs: 100 })
  markStarted(store, { launchId: 1, sessionId, spool: 'spools/1' })
  return { launchId: 1, sessionId }
}

/** Commits records to a launch as if each were a line of ten bytes. */
export function commitAll(store: Store, launchId: number, records: readonly Unnumbered[]): void {
  const all = numbered(records)
  commitRecords(store, { launchId, records: all, endOffset: all.length * 10 })
}

/** What a launch writes that has measured its first trial and runs its second. */
export function beginning(store: Store, launchId: number): void {
  const second: Unnumbered = { kind: 'trial-started', trialId: 2, atUs: 250_000 }
  commitAll(store, launchId, [claimed, loaded, ...trialRecords(1), second])
}
