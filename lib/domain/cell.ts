import type { BackendConfig } from './backend-config.ts'
import type { JsonValue } from './json.ts'
import type { ModelShape } from './model-shape.ts'
import type { Price } from './price.ts'
import type { QuantizedType } from './quantized-type.ts'

/** What a launch computes on. */
export type Accelerator = 'cpu' | 'cuda' | 'metal' | 'vulkan'

/** Where the files of one model in one quantization come from; a path is as its file has it, relative to the lab or the package. */
export type ArtifactSource =
  | { kind: 'path'; path: string }
  | { kind: 'random'; parameters: number; type: RandomType }
  | { kind: 'quantize'; from: UnquantizedSource; to: QuantizedType }
  /** A repository of Hugging Face's hub: what an engine needs of a model in safetensors, or one GGUF file of it. */
  | { kind: 'hf'; repo: string; revision: string; file?: string }
  /** A model that Ollama has in its store. */
  | { kind: 'ollama'; name: string }
  /** A server has it under this name: nothing of it is known here. */
  | { kind: 'served'; name: string }
/** What can be quantized: a file, also one to be fetched, or generated weights. */
export type UnquantizedSource = Extract<ArtifactSource, { kind: 'path' | 'random' | 'hf' | 'ollama' }>
/** The weight formats that the generator of random models writes. */
export type RandomType = 'f16' | 'q8_0' | 'q4_0'

export type HardwareConfig = {
  name: string
  target: 'local'
  /** What the target must have, whatever a cell takes of it. */
  needs: {
    accelerator: Accelerator
    memoryBytes?: number
    vramBytes?: number
    cores?: number
    /** A part of what the processor, or its board, is called: `Raspberry Pi 5`. */
    cpu?: string
    /** The same of a GPU: `A100`; and how many of them. */
    gpu?: string
    gpus?: number
  }
  /** What the target has, where that is stated and not looked up. */
  memoryBytes?: number
  vramBytes?: number
  /** How fast the memory that holds the weights can be read, where that is stated. */
  memoryBytesPerSecond?: number
  /** What using it costs; no part of a cell's identity, as it changes nothing that is measured. */
  price?: Price
}

export type Prompt = {
  id: string
  text: string
  /** Output tokens at most, in place of the workload's. */
  maxTokens?: number
  /**
   * A conversation's later messages of the user, in order: each is sent with all that was said before, as soon as the answer
   * before it has ended. Only in a chat.
   */
  followUps?: readonly string[]
  /** What the answer is checked for. */
  expected?: Expected
}

/** What an answer is held to, by its words alone; of several all have to be met. */
export type Expected = {
  /** The whole answer, without white space around it. */
  exact?: string
  /** Each occurs. */
  contains?: readonly string[]
  /** One of these occurs at least. */
  anyOf?: readonly string[]
  /** None of these occurs. */
  excludes?: readonly string[]
  /** Capital letters are as small ones. */
  ignoreCase?: boolean
}

export type Sampling = {
  /** 0 is greedy. */
  temperature: number
  topK: number
  topP: number
  minP: number
  seed: number
  /** Output tokens at most. */
  maxTokens: number
  /** The output ends before the first of these that it would hold. */
  stop?: readonly string[]
}

export type CompletionWorkload = {
  name: string
  kind: 'completion'
  prompts: readonly Prompt[]
  sampling: Sampling
  /** `fixed`: exactly `maxTokens`, past an end-of-sequence token; `natural`: until the model ends. */
  output: 'fixed' | 'natural'
  /** `shared`, the default: the clients take the prompts of one shuffled order in turn; `client`: each has all of them, in an order of its own. */
  order?: 'shared' | 'client'
}
/** Each prompt is a user's message, put into the model's own chat template. */
export type ChatWorkload = Omit<CompletionWorkload, 'kind'> & { kind: 'chat'; system?: string }
/** What llama-bench calls pp and tg: a prompt in batches, then single-token decodes, each under its own timer. */
export type PrefillDecodeWorkload = {
  name: string
  kind: 'prefill-decode'
  promptTokens: number
  outputTokens: number
  /** Tokens put into the context before, untimed. */
  depth: number
  seed: number
}
/** As llama-perplexity computes it: windows of `context` tokens, the second half of each scored. */
export type PerplexityWorkload = {
  name: string
  kind: 'perplexity'
  text: Prompt
  context: number
  /** Windows evaluated at most; `undefined` is all of the text. */
  chunks?: number
  /** The quantization of the same model that its probabilities are held against: its base. */
  base?: string
}
export type WorkloadConfig = CompletionWorkload | ChatWorkload | PrefillDecodeWorkload | PerplexityWorkload

/** When a load ends: after so many measured requests of all clients together, or after a time from the first of them. */
export type LoadEnd = { requests: number } | { durationMs: number }

/** Each client sends its next request when its last one has ended. */
export type ClosedLoad = { kind: 'closed'; clients: number } & LoadEnd

/**
 * Requests are sent at moments that were drawn before, whether or not those before them have ended. `clients` is how many can
 * be under way at once: an arrival that finds none free waits for one, which is kept apart from the server's time.
 */
export type OpenLoad = { clients: number; seed: number } & LoadEnd & Arrivals

/** Arrivals per second, all clients together. `auto` becomes the knee, found by probing, before a plan is frozen. */
export type Rate = number | 'auto'
export type Arrivals =
  | { kind: 'constant'; ratePerSecond: Rate }
  | { kind: 'poisson'; ratePerSecond: Rate }
  /** Gaps of a gamma distribution: a coefficient of variation of 1 is `poisson`, more comes in bunches, less is more even. */
  | { kind: 'gamma'; ratePerSecond: Rate; variation: number }
  /** So many at once, again and again. */
  | { kind: 'burst'; size: number; everyMs: number }
  /** The rate rises or falls evenly over the whole load, its draws as in `poisson`. */
  | { kind: 'ramp'; fromPerSecond: number; toPerSecond: number }
  /** As they were recorded: milliseconds from the first. */
  | { kind: 'trace'; file: string; arrivalsMs: readonly number[]; speed: number }

export type LoadConfig = ClosedLoad | OpenLoad

export type Limits = {
  loadMs: number
  firstTokenMs: number
  /** Between two content events. */
  stallMs: number
  trialMs: number
  /** How often a trial runs again that failed for a reason that may pass. */
  retries: number
}

/** One point of the matrix with everything resolved: what is hashed into the cell's id, with the artifact's digest. */
export type CellConfig = {
  model: { name: string; parameters?: number }
  quantization: string
  artifact: ArtifactSource
  backend: BackendConfig
  hardware: HardwareConfig
  workload: WorkloadConfig
  load: LoadConfig
  warmup: { requests: number }
}

/** The name under which a server is asked for the model of a cell. */
export function askedName({ artifact, model }: Pick<CellConfig, 'artifact' | 'model'>): string {
  if (artifact.kind === 'served' || artifact.kind === 'ollama') return artifact.name
  return artifact.kind === 'hf' ? artifact.repo : model.name
}

export type Cell = {
  /** SHA-256 in hex of the canonical config and the artifact's digest. */
  id: string
  /** The value of every axis, in the order of the file; catalogue names or what a dotted path was set to. */
  axes: Readonly<Record<string, JsonValue>>
  /** The treatment axes and their values, as canonical JSON: without `compare` all axes but workload and load. */
  arm: string
  /** The axes that are neither treatment nor workload nor load, as canonical JSON. */
  stratum: string
  config: CellConfig
  artifact: ArtifactIdentity
  /** The files of the base that the workload names, where it names one. */
  base?: BaseArtifact
  limits: Limits
}

/** Another quantization of a cell's model, whose probabilities its own are held against. */
export type BaseArtifact = { source: ArtifactSource; artifact: ArtifactIdentity }

/** What is known of an artifact before anything runs. */
export type ArtifactIdentity = {
  /**
   * SHA-256 in hex: of the file (of the list of files, for a folder), of the recipe for what is generated or quantized, of
   * repository, commit and file for what the hub has. Only the name's where nobody can say more before it is fetched.
   */
  digest: string
  /** The file or folder, absolute; for what is generated or quantized the place where it is or will be. */
  path: string
  /** Bytes of the file; `undefined` until it has been made or fetched. */
  bytes?: number
  /** The commit of a repository of the hub, where it is known: what its revision stands for from now on. */
  commit?: string
  /** From the header: parameters, bytes of the tensors, longest context, and so on. */
  description?: ArtifactDescription
}

export type ArtifactDescription = {
  format: 'gguf' | 'safetensors'
  architecture: string
  parameters: number
  tensorBytes: number
  contextLength: number
  vocabulary: number
  /** Whether the file brings a template for chats. */
  chatTemplate: boolean
  /** The file's own name of its weight format, such as `Q4_K_M`. */
  fileType?: string
  randomWeights: boolean
  /** What its memory follows from; absent where the header does not say. */
  shape?: ModelShape
  /** The file is not there yet: its bytes follow from the bits that its type has on average. */
  estimated?: true
}
