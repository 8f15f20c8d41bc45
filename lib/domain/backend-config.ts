import type { Emulation } from './emulation.ts'
import type { JsonValue } from './json.ts'

/** The embedded engine. Every default is written out in the resolved cell. */
export type LlamaCppConfig = {
  name: string
  kind: 'llama.cpp'
  /** Threads that compute; never more than the cores. */
  threads: number
  /** Logical batch: prompt tokens evaluated at once. */
  batchSize: number
  /** Tokens that the context holds; prompt and output must fit into it. */
  contextSize: number
  flashAttention: boolean
  /** Layers on the accelerator; `undefined` puts all of them there. Ignored on a CPU. */
  gpuLayers?: number
  /** Map the model file instead of reading it into memory. */
  mmap: boolean
}

/** What the client of a server is told; alike for every server that is spoken to over HTTP. */
export type WireSettings = {
  /** Processes that send, each on a core of its own; a load's clients are spread over them. */
  clientProcesses: number
  /** Puts a unique prefix before each prompt, so that a prefix cache does not lie. */
  salt: boolean
  /** Counts output tokens beside the server: `words`, or a `tokenizer.json` as its file has it, relative to the lab or the package. */
  tokenizer?: string
  /** SHA-256 in hex of that file's content, where the tokenizer is one: found when planning. */
  tokenizerDigest?: string
}

/** What a server that runs already is asked with. */
export type ServerAccess = {
  /** A reference such as `${env:OPENAI_API_KEY}`: the secret itself is never kept. */
  apiKey?: string
  /** A file of certificates that are trusted beside the system's. */
  caFile?: string
  /** Fields of the request's body beside ours or in their place: `{ top_k: 20 }`; `null` leaves one of ours out. */
  extraBody?: Readonly<Record<string, JsonValue>>
}

/** A server that runs already and speaks the OpenAI protocol. */
export type OpenAiConfig = WireSettings &
  ServerAccess & {
    name: string
    kind: 'openai'
    /** Up to and without `/v1`: `http://127.0.0.1:8000`. */
    url: string
  }

/** Engines that are servers of their own, started for a launch or attached to. */
export const engineServerKinds = [
  'vllm',
  'transformers-serve',
  'llama-server',
  'llama-cpp-python',
  'ollama',
  'tgi',
] as const
export type EngineServerKind = (typeof engineServerKinds)[number]

/** Servers that are asked over gRPC, and run already. */
export type GrpcServerKind = 'tgis' | 'caikit'
/** `url`: `grpc://host:port`, or `grpcs://` with TLS. */
export type GrpcServerConfig = WireSettings & ServerAccess & { name: string; kind: GrpcServerKind; url: string }

/** Caikit over HTTP, which runs already. */
export type CaikitHttpConfig = WireSettings & ServerAccess & { name: string; kind: 'caikit-http'; url: string }

/** How a server is started; its program is found on the machine, by the name that its kind has. */
export type ServerLaunch = {
  /** Options of the program: `{ max-model-len: 4096 }` is `--max-model-len 4096`, `true` an option alone, a list one for each. */
  args: Readonly<Record<string, JsonValue>>
  /** Its environment beside ours; a value may be a reference such as `${env:HF_TOKEN}`. */
  env: Readonly<Record<string, string>>
  /** Absent: one that is free. */
  port?: number
}

/** Which build of an engine is started. */
export type OwnProgram = {
  /** In place of the program that is found: as seen from the lab, absolute, or below `~`. */
  program?: string
}

/** A server of which the engine is known: `url`, where one is attached to that runs already, or else `launch`. */
export type EngineServerConfig = WireSettings &
  ServerAccess & { name: string; kind: EngineServerKind } & ({ url: string } | ({ launch: ServerLaunch } & OwnProgram))

/** An engine in a Python process of ours: what a notebook calls, and no server. */
export type PythonConfig = OwnProgram & {
  name: string
  /** `model.generate` of transformers, or vLLM's `LLM` class. */
  kind: 'transformers' | 'vllm-offline'
  /** What the weights are computed in; `auto` as the model's files have it. */
  dtype: 'auto' | 'float32' | 'bfloat16' | 'float16'
  /** Threads that compute on a CPU. */
  threads: number
  /** Tokens that prompt and output share. */
  contextSize: number
  /** Further arguments of `from_pretrained`, or of `LLM`. */
  args: Readonly<Record<string, JsonValue>>
  env: Readonly<Record<string, string>>
}

/** A server of our own, with known timing, that is started for the launch. */
export type EmulatorConfig = WireSettings & { name: string; kind: 'emulator' } & Emulation

/** Backends that are asked over a wire. */
export type ServerConfig = OpenAiConfig | EmulatorConfig | CaikitHttpConfig | EngineServerConfig | GrpcServerConfig
export type BackendConfig = LlamaCppConfig | PythonConfig | ServerConfig

/** Whether requests go over a wire, so that there is a client beside the engine. */
export const asksServer = (backend: BackendConfig): backend is ServerConfig => 'clientProcesses' in backend

/** Where a server is that runs already, and that a launch does not start; `undefined` where the launch has the engine. */
export const attachedUrl = (backend: BackendConfig): string | undefined => ('url' in backend ? backend.url : undefined)
