import type { EngineServerKind, GrpcServerKind, PythonConfig } from '../domain/backend-config.ts'
import { instead, ownVariable, type ProgramKind } from '../domain/engine-programs.ts'
import { byKind } from '../parse/by-kind.ts'
import { z } from '../parse/schema.ts'
import { emulationShape } from './emulation-shape.ts'
import { grpcUrl, serverUrl } from './server-url.ts'

const count = z.int().min(1)

const llamaCpp = z
  .strictObject({
    kind: z.literal('llama.cpp').describe('The embedded engine.'),
    threads: count.max(1024).default(1).describe('Threads that compute; never more than the cores. Best made an axis.'),
    batchSize: count.max(65_536).default(512).describe('Prompt tokens evaluated at once.'),
    contextSize: z.int().min(256).max(10_000_000).default(2048).describe('Tokens that prompt and output share.'),
    flashAttention: z.boolean().default(true),
    gpuLayers: z
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe('Layers on the accelerator. Default: all. Ignored on a CPU.'),
    mmap: z.boolean().default(true).describe('Map the model file instead of reading it into memory.'),
  })
  .describe('llama.cpp, embedded.')

const wire = {
  clientProcesses: count
    .max(64)
    .default(1)
    .describe('Processes that send; more where one core is not enough, which the report says.'),
  salt: z
    .boolean()
    .default(true)
    .describe(
      'A unique prefix before each prompt, so that a prefix cache does not lie; false where the cache is what is measured.',
    ),
  tokenizer: z
    .string()
    .min(1)
    .max(1000)
    .exactOptional()
    .describe(
      'Counts output tokens beside the server: "words", or a tokenizer.json in the lab (or that the package brings).',
    ),
}

const access = {
  apiKey: z
    .string()
    .regex(
      /^\$\{env:[A-Za-z_][A-Za-z0-9_]*\}$/,
      'must be a reference such as ${env:OPENAI_API_KEY}: secrets are never kept',
    )
    .exactOptional()
    .describe('The bearer token, as a reference: ${env:NAME}. The secret itself is never kept.'),
  caFile: z
    .string()
    .min(1)
    .max(1000)
    .exactOptional()
    .describe('A file of certificates to trust beside the usual ones.'),
  extraBody: z
    .record(z.string(), z.json())
    .exactOptional()
    .describe(
      "Fields of the request's body beside ours or in their place: { top_k: 20 }; null leaves one of ours out.",
    ),
}

const openai = z
  .strictObject({
    kind: z.literal('openai').describe('A server that runs already and speaks the OpenAI protocol.'),
    url: serverUrl.describe('Its address without /v1, such as http://127.0.0.1:8000.'),
    ...access,
    ...wire,
  })
  .describe('A server that is attached to, not started.')

const emulator = z
  .strictObject({
    kind: z.literal('emulator').describe('A server with known timing, started for the launch: nothing is installed.'),
    ...emulationShape,
    ...wire,
  })
  .describe('A rehearsal: no model computes, and what comes is known beforehand.')

const options = z.record(
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be the name of an option, without its dashes'),
  z.json(),
)

/** Options of a program or a class, without those that are ours to set. */
const optionsOf = (kind: ProgramKind) =>
  options.superRefine((args, context) => {
    for (const option of Object.keys(args)) {
      const message = instead(kind, option)
      if (message !== undefined)
        context.addIssue({ code: 'custom', path: [option], message: `is not to be set: ${message}` })
    }
  })

/** Of a map or a list a program would be given `[object Object]`. */
const variable = z.union([z.string().max(32_768), z.number(), z.boolean()], 'must be a text, a number, true or false')

const environmentOf = (kind: ProgramKind) =>
  z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable'), variable.transform(String))
    .superRefine((env, context) => {
      for (const name of Object.keys(env)) {
        const message = ownVariable(kind, name)
        if (message !== undefined)
          context.addIssue({ code: 'custom', path: [name], message: `is not to be set: ${message}` })
      }
    })
    .default({})
    .describe('Its environment beside ours; a value may be a reference such as ${env:HF_TOKEN}.')

const launch = (kind: EngineServerKind) =>
  z.strictObject({
    args: optionsOf(kind)
      .default({})
      .describe(
        'Options of the program: { max-model-len: 4096 } is --max-model-len 4096; true is an option alone, a list one for each.',
      ),
    env: environmentOf(kind),
    port: z.int().min(1).max(65_535).exactOptional().describe('Default: one that is free.'),
  })

const program = z
  .string()
  .min(1)
  .max(4096)
  .exactOptional()
  .describe(
    'Another build of the engine: its program, in the lab. Default: the one that data/lab.yaml names, or that is found.',
  )

const engineServers = {
  vllm: 'vLLM, started with `vllm serve`.',
  'transformers-serve': 'Transformers, started with `transformers serve`.',
  'llama-server': "llama.cpp's own server.",
  'llama-cpp-python': 'llama_cpp.server of llama-cpp-python.',
  ollama: 'Ollama, started with `ollama serve`.',
  tgi: 'Text Generation Inference, started with `text-generation-launcher`.',
} satisfies Record<EngineServerKind, string>

const overGrpc = (kind: GrpcServerKind, what: string, service: string) =>
  z
    .strictObject({
      kind: z.literal(kind).describe(`${what} over gRPC (${service}), which runs already: it is never started.`),
      url: grpcUrl.describe('Its address, such as grpc://127.0.0.1:8033; grpcs:// with TLS.'),
      ...access,
      ...wire,
    })
    .describe(`${what} over gRPC: attached to, not started.`)

const caikitHttp = z
  .strictObject({
    kind: z
      .literal('caikit-http')
      .describe('Caikit over HTTP, which runs already: it is never started. Completions alone.'),
    url: serverUrl.describe('Its address, such as http://127.0.0.1:8080.'),
    ...access,
    ...wire,
  })
  .describe('Caikit over HTTP: attached to, not started.')

const engineServer = (kind: EngineServerKind) =>
  z
    .strictObject({
      kind: z.literal(kind).describe(engineServers[kind]),
      url: serverUrl
        .exactOptional()
        .describe('Of one that runs already: it is attached to, and neither started nor stopped.'),
      launch: launch(kind)
        .exactOptional()
        .describe('How it is started, where there is no url. Default: without options of its own.'),
      program,
      ...access,
      ...wire,
    })
    .describe(engineServers[kind])

const python = (kind: PythonConfig['kind'], what: string) =>
  z
    .strictObject({
      kind: z.literal(kind).describe(what),
      dtype: z
        .enum(['auto', 'float32', 'bfloat16', 'float16'])
        .default('auto')
        .describe("What the weights are computed in; auto as the model's files have it."),
      threads: count.max(1024).default(1).describe('Threads that compute on a CPU.'),
      contextSize: z.int().min(1).max(10_000_000).default(2048).describe('Tokens that prompt and output share.'),
      args: optionsOf(kind).default({}).describe("Further arguments of from_pretrained, or of vLLM's LLM."),
      env: environmentOf(kind),
      program,
    })
    .describe(what)

type Checked = { kind: string }
const isEngineServer = <B extends Checked>(backend: B): backend is Extract<B, { kind: EngineServerKind }> =>
  backend.kind in engineServers

/** An engine and its settings. */
export const backendSchema = byKind([
  llamaCpp,
  openai,
  emulator,
  engineServer('vllm'),
  engineServer('transformers-serve'),
  engineServer('llama-server'),
  engineServer('llama-cpp-python'),
  engineServer('ollama'),
  engineServer('tgi'),
  overGrpc('tgis', "TGIS, IBM's fork of Text Generation Inference,", 'fmaas.GenerationService'),
  overGrpc('caikit', 'Caikit', 'caikit.runtime.Nlp.NlpService'),
  caikitHttp,
  python('transformers', 'Transformers in a Python process: model.generate, as in a notebook.'),
  python('vllm-offline', "vLLM's LLM class in a Python process, as in a notebook."),
])
  .describe(
    'An engine and its settings: llama.cpp is embedded, openai a server that runs already, emulator a rehearsal.',
  )
  .refine((backend) => !('url' in backend && 'launch' in backend), {
    message:
      'is how the server is started, and url says that it runs already: leave one of them out, or give one by --set, which takes the place of the other',
    path: ['launch'],
  })
  .refine((backend) => !('url' in backend && 'program' in backend), {
    message: 'is what is started, and url says that the server runs already: leave one of them out',
    path: ['program'],
  })
  .transform((backend) => {
    if (!isEngineServer(backend)) return backend
    const { url, launch: given, ...rest } = backend
    return url === undefined ? { ...rest, launch: given ?? { args: {}, env: {} } } : { ...rest, url }
  })
