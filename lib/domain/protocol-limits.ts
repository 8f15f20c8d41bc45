import type { ServerConfig } from './backend-config.ts'
import type { WorkloadConfig } from './cell.ts'

type Kind = ServerConfig['kind']

/** Servers that end an answer where the model does, whatever they are asked for. */
const endings: Partial<Record<Kind, string>> = {
  ollama:
    'Ollama ends an answer where the model does: it has no minimum and cannot ignore the end of a text. Set output: natural',
  tgi: 'TGI ends an answer where the model does: over HTTP it has no minimum and cannot ignore the end of a text. Set output: natural',
  'llama-cpp-python':
    "llama_cpp.server ends an answer where the model does: it has no minimum and cannot ignore the end of a text. Set output: natural; to rule the end out, give the tokens that end a text of this model a bias besides: backend.extraBody: { logit_bias: { '2': -100 } }",
}

/** Servers that complete a text, and know of no chat. */
const completers: readonly Kind[] = ['tgis', 'caikit', 'caikit-http']

/** Why a kind of server cannot be asked for a workload, whatever model it has; `undefined` where it can. */
export function whyNotAsked(kind: Kind, workload: WorkloadConfig): string | undefined {
  const { name } = workload
  const ending = endings[kind]
  if (ending !== undefined && 'output' in workload && workload.output === 'fixed')
    return `workload ${name} has output: fixed, and ${ending}`
  if (workload.kind === 'chat' && completers.includes(kind))
    return `workload ${name} is a chat, and a server of kind ${kind} completes a text alone: make it a completion`
  return undefined
}
