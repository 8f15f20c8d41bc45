import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { engineServer } from '../../lib/backend/engine-server.ts'
import type { Engine } from '../../lib/domain/backend.ts'
import type { EngineServerKind, ServerAccess, ServerLaunch } from '../../lib/domain/backend-config.ts'
import type { Ns } from '../../lib/domain/timeline.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { openAiLaunch } from '../backend/wire-launch.ts'
import { engineProgram, type EngineName } from './engines.ts'

/** A server as it is started on the demo model, with one thread and 32-bit arithmetic where it has that. */
export type RealEngine = {
  kind: EngineServerKind
  program: EngineName
  model: string
  args: ServerLaunch['args']
  extraBody?: ServerAccess['extraBody']
}

export const tokenizerFile = 'data/models/demo/hf/tokenizer.json'
const [folder, gguf] = ['data/models/demo/hf', 'data/models/demo/demo-f16.gguf']

export const realEngines: Readonly<Record<string, RealEngine>> = {
  'llama-server': {
    kind: 'llama-server',
    program: 'llamaServer',
    model: gguf,
    args: { threads: 1, 'ctx-size': 4096, parallel: 4, metrics: true },
  },
  'llama_cpp.server': {
    kind: 'llama-cpp-python',
    program: 'llamaCppPython',
    model: gguf,
    args: { n_threads: 1, n_ctx: 1024 },
    // Nothing else keeps it from ending an answer: the tokens that end a text of this model are ruled out.
    extraBody: { logit_bias: { 1: -100, 6: -100 } },
  },
  'transformers serve': {
    kind: 'transformers-serve',
    program: 'transformers',
    model: folder,
    args: { dtype: 'float32' },
  },
  vLLM: {
    kind: 'vllm',
    program: 'vllm',
    model: folder,
    args: { dtype: 'float32', 'max-model-len': 1024, 'enforce-eager': true },
  },
}

/** Starts one as a launch does, its log in `engineLog`. */
export function startReal(
  { kind, program: name, model, args, extraBody }: RealEngine,
  origin: Ns,
  engineLog: string,
): Promise<Engine> {
  const { program, env } = engineProgram(name)
  const path = resolve(model)
  const launch = {
    ...openAiLaunch(''),
    backend: {
      name: kind,
      kind,
      clientProcesses: 1,
      salt: false,
      launch: { args, env },
      ...(extraBody && { extraBody }),
    },
    model: 'demo',
    source: { kind: 'path' as const, path: model },
    artifact: { digest: 'd', path, bytes: statSync(path).size },
    programs: { [kind]: program },
  }
  return engineServer.start(launch, { now, origin, log: () => {}, engineLog })
}
