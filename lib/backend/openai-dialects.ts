import { whyNotAsked } from '../domain/protocol-limits.ts'
import type { OnContent } from '../domain/backend.ts'
import { askFor, type BodyFields } from './openai-body.ts'
import { type ChunkHabits, ChunkReader } from './openai-chunks.ts'
import { openAiProtocol } from './openai-protocol.ts'
import type { Protocol } from './protocol.ts'
import { attachUnlisted } from './transformers-attach.ts'
import { vllmWindows } from './vllm-windows.ts'
import type { WireJob } from './wire-jobs.ts'

const asking =
  (change: (fields: BodyFields, job: WireJob) => BodyFields): Protocol['ask'] =>
  (job, options, start) =>
    askFor(job, options, start, change)

const reading =
  (habits: ChunkHabits): Protocol['reader'] =>
  (maxTokens: number, onContent?: OnContent) =>
    new ChunkReader(maxTokens, onContent, habits)

/** vLLM says with each chunk how many tokens there are: several come in one where the server is busy. */
export const vllmProtocol: Protocol = {
  ...openAiProtocol,
  ask: asking((fields) => ({
    ...fields,
    stream_options: { include_usage: true, continuous_usage_stats: true },
    repetition_penalty: 1, // else that of the model's own generation_config, which changes even a greedy answer
  })),
  reader: reading({ countsEnd: true }),
  windows: vllmWindows,
}

/** transformers serve takes few fields of its own, and what else there is as one JSON text; its list of models does not have the one that it serves. */
export const transformersProtocol: Protocol = {
  ...openAiProtocol,
  attach: attachUnlisted,
  ask: asking((fields, job) => ({
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => !refusedByTransformers.has(name))),
    generation_config: JSON.stringify(generationConfig(job)),
  })),
  reader: reading({ countsEnd: true }),
  ending: 'a finish_reason or usage',
}

const refusedByTransformers = new Set(['min_tokens', 'ignore_eos', 'top_k', 'min_p'])

function generationConfig({ workload: { sampling, output }, maxTokens }: WireJob) {
  const { temperature, topP, topK, minP } = sampling
  return {
    do_sample: temperature > 0,
    repetition_penalty: 1,
    max_new_tokens: maxTokens,
    ...(output === 'fixed' && { min_new_tokens: maxTokens }),
    ...(temperature > 0 && { temperature, top_p: topP, top_k: topK, min_p: minP }),
  }
}

/** The server of llama-cpp-python: it counts nothing, and cannot be kept from ending an answer. */
export const llamaCppPythonProtocol: Protocol = {
  ...openAiProtocol,
  ask: asking((fields) => ({ ...fields, repeat_penalty: 1 })), // older versions have 1.1 by themselves
  reader: reading({ saysWhy: true }),
  ending:
    'a finish_reason: llama_cpp.server leaves it out where another request interrupted this one (start it with --interrupt_requests False), and where it failed, as it does at a prompt longer than its context',
  whyNot: (workload) => whyNotAsked('llama-cpp-python', workload),
}
