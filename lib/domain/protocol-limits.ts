import type { BackendConfig, ServerConfig } from './backend-config.ts'
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

/** Servers that tell the probabilities of a prompt's tokens. */
const scorers: readonly Kind[] = ['vllm']

/** Engines that tell the probabilities of their likeliest tokens only: a divergence from a base is then a lower bound. */
export const tellsLikeliest = (kind: BackendConfig['kind']): boolean => kind === 'vllm-offline' || kind === 'vllm'

/** Why a kind of server cannot be asked for a workload, whatever model it has; `undefined` where it can. */
export function whyNotAsked(kind: Kind, workload: WorkloadConfig): string | undefined {
  const { name } = workload
  if (workload.kind === 'prefill-decode') return noParts(name)
  if (workload.kind === 'perplexity') return scorers.includes(kind) ? undefined : noProbabilities(kind, name)
  const ending = endings[kind]
  if (ending !== undefined && 'output' in workload && workload.output === 'fixed')
    return `workload ${name} has output: fixed, and ${ending}`
  if (workload.kind === 'chat' && completers.includes(kind))
    return `workload ${name} is a chat, and a server of kind ${kind} completes a text alone: make it a completion`
  return undefined
}

const noProbabilities = (kind: Kind, name: string) =>
  `workload ${name} is a perplexity, and a server of kind ${kind} tells no probabilities of a text: take an engine of kind llama.cpp, transformers, vllm-offline or vllm`
const noParts = (name: string) =>
  `workload ${name} is of kind prefill-decode, which needs the parts of a request apart, and a server is asked for whole ones: take the embedded engine, of kind llama.cpp`

/** Why a server that runs already cannot be held against a base: it has one model. `undefined` where none is asked for. */
export function whyNoBase(workload: WorkloadConfig): string | undefined {
  if (workload.kind !== 'perplexity' || workload.base === undefined) return undefined
  return `workload ${workload.name} has a base, and a server that runs already has one model: have the server started (launch in place of url), or leave base out`
}
