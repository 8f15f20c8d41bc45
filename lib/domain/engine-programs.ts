import type { BackendConfig, EngineServerKind, PythonConfig } from './backend-config.ts'

/** Engines that are programs of the machine, which no launch can do without. */
export type ProgramKind = EngineServerKind | PythonConfig['kind']

/** What a file may name for an engine to run. */
export type RunnableFormat = 'gguf' | 'safetensors' | 'ollama'

export type EngineProgram = {
  /** Its name on the PATH, where `programs` of `data/lab.yaml` has no other. */
  program: string
  /** The program is a Python, which has to have this module. */
  module?: string
  /** In words, how one comes to have it. */
  install: string
  runs: readonly RunnableFormat[]
  /** Options that are ours to set, in lower case with `-`: what to do in their place. */
  own: Readonly<Record<string, string>>
  /** Variables of its environment that are ours to set. */
  ownVariables?: Readonly<Record<string, string>>
  /** Why it takes no options at all. */
  noOptions?: string
}

const port = 'set launch.port, or leave it out for one that is free'
const host = 'a launched server listens on 127.0.0.1; attach to another by url'
const model = 'the model is the artifact of the cell'
const name = 'the name is the model of the cell'
const dtype = 'set backend.dtype'
const key = 'a key on a command line is seen by all: set apiKey, and the variable that the server reads in launch.env'

/** Engines as programs of a machine; `lib/backend/recipes.ts` has how each is started. */
export const enginePrograms: Readonly<Record<ProgramKind, EngineProgram>> = {
  vllm: {
    program: 'vllm',
    install: 'pip install vllm',
    runs: ['safetensors'],
    own: { port, host, uds: host, model, 'model-tag': model, 'served-model-name': name, 'api-key': key },
  },
  'transformers-serve': {
    program: 'transformers',
    install: "pip install 'transformers[serving]' torch",
    runs: ['safetensors'],
    own: { port, host, 'force-model': model },
  },
  'llama-server': {
    program: 'llama-server',
    install: 'build llama.cpp, or take one of its releases',
    runs: ['gguf'],
    own: {
      port,
      host,
      m: model,
      model,
      'model-url': model,
      mu: model,
      'hf-repo': model,
      hf: model,
      hfr: model,
      a: name,
      alias: name,
      'api-key': key,
    },
  },
  'llama-cpp-python': {
    program: 'python3',
    module: 'llama_cpp',
    install: "pip install 'llama-cpp-python[server]'",
    runs: ['gguf'],
    own: { port, host, model, 'model-alias': name, 'api-key': key, 'config-file': model },
  },
  ollama: {
    program: 'ollama',
    install: 'see https://ollama.com/download',
    runs: ['gguf', 'ollama'],
    own: {},
    ownVariables: { OLLAMA_HOST: port },
    noOptions: '`ollama serve` has no options: set its variables in launch.env, a model parameter in extraBody.options',
  },
  tgi: {
    program: 'text-generation-launcher',
    install: 'see https://github.com/huggingface/text-generation-inference',
    runs: ['safetensors'],
    own: { port, p: port, hostname: host, 'model-id': model, 'api-key': key },
  },
  transformers: {
    program: 'python3',
    module: 'transformers',
    install: 'pip install transformers torch',
    runs: ['safetensors'],
    own: {
      'pretrained-model-name-or-path': model,
      config: model,
      'state-dict': model,
      revision: model,
      dtype,
      'torch-dtype': dtype,
    },
  },
  'vllm-offline': {
    program: 'python3',
    module: 'vllm',
    install: 'pip install vllm',
    runs: ['safetensors'],
    own: { model, 'model-weights': model, revision: model, dtype },
  },
}

export const programKinds = Object.keys(enginePrograms) as [ProgramKind, ...ProgramKind[]]

/** The program that a launch starts; `undefined` where it starts none that the machine must have. */
export const programOf = (backend: BackendConfig): ProgramKind | undefined =>
  backend.kind in enginePrograms && !('url' in backend && backend.url !== undefined)
    ? (backend.kind as ProgramKind)
    : undefined

/** The build of its engine that a backend names. */
export const ownProgram = (backend: BackendConfig): string | undefined =>
  'program' in backend ? backend.program : undefined

/** Which program a backend starts: alike for backends that start the same. */
export const programName = (backend: BackendConfig): string => `${backend.kind} ${ownProgram(backend) ?? ''}`.trim()

/** What to do in place of an option that a file may not set, in any spelling; `undefined` where it may. */
export function instead(kind: ProgramKind, option: string): string | undefined {
  const { own, noOptions } = enginePrograms[kind]
  const spelled = option.toLowerCase().replaceAll('_', '-')
  return noOptions ?? (Object.hasOwn(own, spelled) ? own[spelled] : undefined)
}

/** The same of a variable of its environment. */
export function ownVariable(kind: ProgramKind, variable: string): string | undefined {
  const { ownVariables = {} } = enginePrograms[kind]
  return Object.hasOwn(ownVariables, variable) ? ownVariables[variable] : undefined
}
