import type { GuardFinding } from './guard.ts'
import type { ArtifactDescription } from './cell.ts'

/** What was observed of code, engine and host: with `conditions` left out, its digest is the setup. */
export type Manifest = {
  tool: { version: string; commit?: string; dirty?: boolean; measurement: number }
  runtime: { node: string; platform: string; arch: string }
  host: HostFacts
  engine?: EngineFacts
  conditions: Conditions
}

export type HostFacts = {
  /** `Linux 6.1.0`, `Darwin 24.1.0`. */
  os: string
  distribution?: string
  cpu: string
  /** Those this process may run on. */
  cores: number
  memoryBytes: number
  accelerators: readonly { name: string; memoryBytes?: number; driver?: string }[]
  /** `kvm`, `wsl`, `docker`, ...; absent on bare metal. */
  virtualization?: string
  /** What could not be read here, and so is not known: `RAPL energy counters`, ... */
  unavailable: readonly string[]
}

/** What may change from run to run on one setup. */
export type Conditions = {
  freeMemoryBytes: number
  loadAverage?: number
  temperatureCelsius?: number
  onBattery?: boolean
  /** What a started engine has at this start and may have otherwise at the next: the size of its KV cache, ... */
  engine?: Readonly<Record<string, string | number | boolean>>
  /** What guards found, and what was waited for; absent where there was nothing. */
  guards?: readonly GuardFinding[]
  /** Each token was held back by this share of its time, for a test: nothing real was measured. */
  handicap?: number
}

export type EngineFacts = {
  name: string
  /** Version of the binding and build of the engine; of a server, as far as it says. */
  version?: string
  build?: string
  /** What it really computes on, as the engine says; a server may not. */
  accelerator?: string
  devices?: readonly string[]
  /** What the engine says it uses. */
  threads?: number
  contextSize?: number
  batchSize?: number
  flashAttention?: boolean
  /** The instruction sets or kernels that the engine chose. */
  features?: string
  /** What it really computes with besides, as it says: `dtype`, `attention`, ... */
  settings?: Readonly<Record<string, string | number | boolean>>
  artifact: { digest: string } & Partial<ArtifactDescription & { bytes: number }>
  /** Of a server. */
  server?: ServerFacts
  /** Kept with the launch and not with the setup: it may be a little more or less each time. */
  memory?: EngineMemory
}

/** GPU memory by the engine's own account; what the driver sees is sampled, and is another metric. */
export type EngineMemory = {
  /** What a server says that its model takes, such as Ollama's `size_vram`. */
  claimedBytes?: number
  /** What it sets aside by its settings, used or not, such as vLLM's `gpu-memory-utilization` of a card. */
  reservedBytes?: number
}

/** A server that the client was attached to. */
export type ServerFacts = {
  /** Without secrets. */
  url: string
  /** `remote`: the network is part of what was measured. */
  place: 'this-machine' | 'remote'
  /** The name under which it was asked for the model. */
  model: string
  /** What it says of itself: the `server` header, `/version`, `/v1/models`. */
  says: Readonly<Record<string, string | number>>
  /** Of one that a launch has started: its program and arguments, without port, secrets and where things lie. */
  command?: string
  /** What it really computes with, by its log, its endpoints and its environment. */
  settings?: Readonly<Record<string, string | number | boolean>>
  /** The same that is another at each start: kept with the conditions. */
  varying?: Readonly<Record<string, string | number | boolean>>
}
