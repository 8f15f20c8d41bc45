import type { Cell, CellConfig, WorkloadConfig } from '../../lib/domain/cell.ts'
import { canonicalJson } from '../../lib/domain/canonical-json.ts'
import type { Compared, ComparedTrial, QualitySample } from '../../lib/domain/compared.ts'
import type { JsonValue } from '../../lib/domain/json.ts'
import type { Manifest } from '../../lib/domain/manifest.ts'
import type { Metric } from '../../lib/domain/metric.ts'
import type { LaunchRow } from '../../lib/domain/plan-data.ts'
import type { Compare, LaunchRole } from '../../lib/domain/plan.ts'
import type { MetricComparison, PlanVerdicts } from '../../lib/domain/verdict.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'

type Workload = 'decode' | 'quality'
export type Measured = Partial<ComparedTrial>
export type ArmSpec = {
  /** Its values of the treatment axes. */
  axes: Readonly<Record<string, JsonValue>>
  config?: (config: CellConfig) => CellConfig
  digest?: string
  manifest?: (manifest: Manifest, block: number) => Manifest
  device?: string
  /** What comes of it in a block, beside a trial that ended well; `undefined` is none at all. */
  trial?: (block: number, workload: Workload) => Measured | undefined
  twin?: (block: number, workload: Workload) => Measured | undefined
}
export type PlanSpec = {
  arms: readonly ArmSpec[]
  blocks?: number
  workloads?: readonly Workload[]
  /** Not `undefined` but `null`: nothing is declared. */
  margins?: Compare['margins'] | null
  strata?: readonly Readonly<Record<string, JsonValue>>[]
  planId?: string
  seed?: number
}

/** A plan as it was measured: every launch and trial ended well, but for what an arm says. */
export function comparedOf({ arms, blocks = 10, workloads = ['decode'], strata = [{}], ...spec }: PlanSpec): Compared {
  const margins = spec.margins === undefined ? [{ metric: 'decode_tps' as const, margin: 0.02 }] : spec.margins
  const treatment = [...new Set(arms.flatMap(({ axes }) => Object.keys(axes)))]
  const cells = strata.flatMap((stratum) =>
    arms.flatMap((arm) => workloads.map((workload) => ({ arm, workload, cell: cellOf(arm, stratum, workload) }))),
  )
  const names = [...new Set(arms.map(({ axes }) => canonicalJson(axes)))]
  const [base = '', ...others] = names
  const [launches, trials, manifests]: [LaunchRow[], ComparedTrial[], Compared['manifests']] = [[], [], {}]
  const measure = (block: number, { arm, workload, cell }: (typeof cells)[number], role?: LaunchRole) => {
    const found = (role === 'twin' ? arm.twin : (arm.trial ?? (() => ({}))))?.(block, workload)
    if (found === undefined) return
    const manifest = arm.manifest?.(manifestOf(cell), block) ?? manifestOf(cell)
    const id = launches.length + 1
    const digest = canonicalJson(manifest)
    Object.assign(manifests, { [digest]: { manifest, setup: digest } })
    launches.push({
      ...launchOf(cell, block),
      id,
      ordinal: id,
      device: arm.device ?? 'local-cpu',
      ...(role && { role }),
      manifestDigest: digest,
    })
    trials.push({ ...trialOf(id, cell.id, block), ...found })
  }
  for (let block = 0; block < blocks; block += 1)
    for (const cell of block % 2 === 0 ? cells : cells.toReversed()) {
      measure(block, cell)
      measure(block, cell, 'twin')
    }
  const compare =
    margins === null ? {} : { compare: { treatment, pairs: others.map((against) => ({ base, against })), margins } }
  return {
    plan: {
      id: spec.planId ?? 'aaaaaaaaaaaa',
      experiment: { name: 'x', title: 'X', file: 'experiments/x.yaml', text: '', digest: 'd' },
      createdAtMs: 0,
      seed: spec.seed ?? 7,
      blocks,
      cells: cells.map(({ cell }) => cell),
      skipped: [],
      launches: [],
      ...compare,
      command: 'benchbook run',
    },
    sessions: [{ id: 1, startedAtMs: 0, endedAtMs: 1, resumes: 0, status: 'ended' }],
    launches,
    trials,
    manifests,
  }
}

const launchOf = ({ arm, stratum }: Cell, block: number) => ({
  block,
  arm,
  stratum,
  attempt: 1,
  status: 'ok' as const,
  outcome: { status: 'ok' as const },
  spoolOffset: 0,
})

const trialOf = (launchId: number, cellId: string, block: number): ComparedTrial => ({
  id: launchId,
  launchId,
  cellId,
  block,
  status: 'ok',
  invalid: [],
  metrics: {},
  requests: { ok: 4, failed: 0 },
  prompts: [],
})

function cellOf(
  { axes, config, digest }: ArmSpec,
  stratum: Readonly<Record<string, JsonValue>>,
  workload: Workload,
): Cell {
  const all = { ...stratum, ...axes }
  const base: CellConfig = {
    model: { name: 'demo' },
    quantization: 'f16',
    artifact: { kind: 'path', path: 'data/models/demo-f16.gguf' },
    backend: {
      name: 'llama.cpp',
      kind: 'llama.cpp',
      threads: 1,
      batchSize: 512,
      contextSize: 512,
      flashAttention: true,
      mmap: true,
    },
    hardware: { name: 'here', target: 'local', needs: { accelerator: 'cpu' } },
    workload: workloadOf(workload),
    load: { kind: 'closed', clients: 1, requests: 4 },
    warmup: { requests: 1 },
  }
  return {
    id: canonicalJson([all, workload]),
    axes: { ...all, workload },
    arm: canonicalJson(axes),
    stratum: canonicalJson(stratum),
    config: config?.(base) ?? base,
    artifact: { digest: digest ?? 'digest of f16', path: '/models/demo-f16.gguf', bytes: 1 },
    limits: { loadMs: 1, firstTokenMs: 1, stallMs: 1, trialMs: 1, retries: 0 },
  }
}

function workloadOf(name: Workload): WorkloadConfig {
  if (name === 'quality') return { name, kind: 'perplexity', text: { id: 'held-out', text: 'import os' }, context: 512 }
  const sampling = { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 42, maxTokens: 64 }
  return { name, kind: 'completion', prompts: [{ id: 'p1', text: 'def' }], sampling, output: 'natural' }
}

function manifestOf({ config, artifact }: Cell): Manifest {
  const threads = config.backend.kind === 'llama.cpp' ? config.backend.threads : 1
  return {
    tool: { version: '0.1.0', commit: 'a1b2', dirty: false, measurement: 3 },
    runtime: { node: 'v24.21.0', platform: 'linux', arch: 'x64' },
    host: { os: 'Linux 6.1.0', cpu: 'AMD EPYC', cores: 2, memoryBytes: 8e9, accelerators: [], unavailable: [] },
    engine: {
      name: 'llama.cpp',
      version: 'node-llama-cpp 3.21.1',
      build: 'ggml-org/llama.cpp b1, prebuilt',
      accelerator: 'cpu',
      devices: [],
      threads,
      contextSize: 512,
      batchSize: 512,
      flashAttention: config.backend.kind === 'llama.cpp' && config.backend.flashAttention,
      features: 'AVX2',
      artifact: {
        digest: artifact.digest,
        format: 'gguf',
        architecture: 'llama',
        parameters: 5e6,
        tensorBytes: 1e7,
        contextLength: 512,
        vocabulary: 512,
        chatTemplate: false,
        fileType: 'F16',
        randomWeights: false,
        bytes: 1,
      },
    },
    conditions: { freeMemoryBytes: 6e9 },
  }
}

/** Requests of one prompt, or of several, all of one speed. */
export const decoded = (tps: number, prompts: readonly string[] = ['p1']): Measured => ({
  prompts: prompts.map((promptId) => ({ promptId, n: 2, outputTokens: 64, metrics: { decode_tps: tps } })),
})

/** A trial's own value. */
export const valued = (metric: Metric, value: number): Measured => ({ metrics: { [metric]: { value } } })

/** A perplexity by its chunks: mean negative log-likelihoods. */
export const scored = (nlls: readonly number[], metric: Metric = 'perplexity'): Measured => ({
  metrics: { [metric]: { value: Math.exp(nlls.reduce((sum, nll) => sum + nll, 0) / nlls.length) } },
  samples: { [metric]: nlls.map((nll, i): QualitySample => ({ id: `w${i}`, sum: nll * 255, n: 255 })) },
})

/** Numbers that look normal: the sum of twelve draws, less their mean. */
export function noise(seed: number): () => number {
  const random = randomSequence(seed)
  return () => Array.from({ length: 12 }, random).reduce((sum, x) => sum + x, -6)
}

/** Two arms: each block has its own level, which both share, and a little noise of its own for each trial. */
export function twoArms(
  ratio: number,
  { jitter = 0.005, ...spec }: Partial<PlanSpec> & { jitter?: number } = {},
): Compared {
  const draw = noise(3)
  const levels = Array.from({ length: 40 }, () => 100 * Math.exp(0.1 * draw()))
  const at = (factor: number) => (block: number) =>
    decoded((levels[block] as number) * factor * Math.exp(jitter * draw()))
  const arms = [
    { axes: { quantization: 'f16' }, trial: at(1) },
    { axes: { quantization: 'q4_0' }, trial: at(ratio) },
  ]
  return comparedOf({ arms, ...spec })
}

/** The first comparison of all. */
export const only = ({ comparisons }: PlanVerdicts): MetricComparison =>
  comparisons[0]?.cells[0]?.metrics[0] as MetricComparison
