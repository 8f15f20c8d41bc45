import { createHash } from 'node:crypto'
import type { ArtifactDescription, Cell, CellConfig, WorkloadConfig } from '../../lib/domain/cell.ts'
import type { Manifest } from '../../lib/domain/manifest.ts'
import { embedded } from '../embedded.ts'

export type FixtureOptions = {
  models?: readonly ModelName[]
  threads?: readonly number[]
  blocks?: number
  requests?: number
  workloads?: readonly ('decode' | 'quality')[]
  title?: string
  question?: string
  prompt?: string
}
export type ModelName = 'demo' | 'random-50m'

export const decodeTps = { f16: 214, q8_0: 309, q4_0: 417, q4_k_m: 395 } as const
export const perplexities = { f16: 54.2428, q8_0: 54.2452, q4_0: 54.646, q4_k_m: 54.346 } as const
export const bits = { f16: 16, q8_0: 8.5, q4_0: 4.5, q4_k_m: 4.9 } as const
export type Quantization = keyof typeof decodeTps
export const quantizationsOf: Record<ModelName, readonly Quantization[]> = {
  demo: ['f16', 'q8_0', 'q4_0', 'q4_k_m'],
  'random-50m': ['f16', 'q8_0', 'q4_0'],
}
const parameters: Record<ModelName, number> = { demo: 3_700_000, 'random-50m': 50_000_000 }
export const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

type Point = {
  model: ModelName
  quantization: Quantization
  threads: number
  workload: 'decode' | 'quality'
  options: FixtureOptions
}
export function cellOf({ model, quantization, threads, workload, options }: Point): Cell {
  const axes = { model, quantization, 'backend.threads': threads }
  const random = model === 'random-50m'
  const config: CellConfig = {
    model: { name: model, parameters: parameters[model] },
    quantization,
    artifact: random
      ? { kind: 'random', parameters: parameters[model], type: 'f16' }
      : { kind: 'path', path: `data/models/${model}-${quantization}.gguf` },
    backend: {
      name: 'embedded',
      kind: 'llama.cpp',
      threads,
      batchSize: 512,
      contextSize: 512,
      flashAttention: false,
      mmap: true,
    },
    hardware: { name: 'here', target: 'local', needs: { accelerator: 'cpu' } },
    workload: workloadOf(workload, options.prompt ?? 'def main():'),
    load: { kind: 'closed', clients: 1, requests: options.requests ?? 5 },
    warmup: { requests: 1 },
  }
  const bytes = Math.round((parameters[model] * bits[quantization]) / 8)
  return {
    id: digestOf(JSON.stringify([axes, workload])),
    axes: { ...axes, workload },
    arm: JSON.stringify(axes),
    stratum: '{}',
    config,
    artifact: {
      digest: digestOf(model + quantization),
      path: `/lab/data/models/${model}-${quantization}.gguf`,
      bytes: bytes + 250_000,
      description: {
        format: 'gguf',
        architecture: 'llama',
        parameters: parameters[model],
        tensorBytes: bytes,
        contextLength: 512,
        vocabulary: 4096,
        chatTemplate: false,
        fileType: quantization.toUpperCase(),
        randomWeights: random,
      },
    },
    limits: { loadMs: 300_000, firstTokenMs: 60_000, stallMs: 30_000, trialMs: 900_000, retries: 0 },
  }
}

function workloadOf(name: 'decode' | 'quality', prompt: string): WorkloadConfig {
  if (name === 'quality')
    return { name, kind: 'perplexity', text: { id: 'held-out', text: 'import os\n' }, context: 512, chunks: 24 }
  const sampling = { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 42, maxTokens: 128 }
  return { name, kind: 'completion', prompts: [{ id: 'p1', text: prompt }], sampling, output: 'fixed' }
}

/** What a launch of `cell` says of itself. */
export function manifestOf({ config, artifact }: Cell): Manifest {
  const { threads, contextSize, batchSize, flashAttention } = embedded(config)
  return {
    tool: { version: '0.1.0', commit: 'a1b2c3d4e5f6', dirty: false, measurement: 1 },
    runtime: { node: 'v24.21.0', platform: 'linux', arch: 'x64' },
    host: {
      os: 'Linux 6.1.0',
      distribution: 'Debian GNU/Linux 12',
      cpu: 'AMD EPYC 7B13',
      cores: 2,
      memoryBytes: 8_247_000_000,
      accelerators: [],
      virtualization: 'kvm',
      unavailable: ['RAPL energy counters'],
    },
    engine: {
      name: 'llama.cpp',
      version: '3.21.1',
      build: 'b6980',
      accelerator: 'cpu',
      devices: [],
      threads,
      contextSize,
      batchSize,
      flashAttention,
      features: 'AVX2, FMA, F16C',
      artifact: {
        ...(artifact.description as ArtifactDescription),
        digest: artifact.digest,
        bytes: artifact.bytes ?? 0,
      },
    },
    conditions: { freeMemoryBytes: 6_100_000_000 + threads * 10_000_000, loadAverage: 0.21 * threads },
  }
}
