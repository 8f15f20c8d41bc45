import { EngineFailure, type Prepared, type PreparedJob } from '../domain/backend.ts'
import type { ChatWorkload, CompletionWorkload, LoadConfig, Prompt, WorkloadConfig } from '../domain/cell.ts'
import type { TrialSpec } from '../domain/launch.ts'

/** One request of a server: a prompt, or what a user says next in a conversation. */
export type WireJob = PreparedJob & {
  workload: CompletionWorkload | ChatWorkload
  text: string
  maxTokens: number
}
/** One message of a chat. */
export type Message = { role: 'system' | 'user' | 'assistant'; content: string }
export type WireJobs = Prepared & { jobs: readonly WireJob[] }

/** The jobs of a trial in the order of its workload. Throws an `EngineFailure` where a server cannot be asked for that. */
export function wireJobs({ workload, load }: Pick<TrialSpec, 'workload' | 'load'>): WireJobs {
  if (workload.kind !== 'completion' && workload.kind !== 'chat') throw notWritten(workload)
  return { jobs: workload.prompts.flatMap((prompt) => turnsOf(prompt, workload)), requests: requestsOf(load) }
}

function turnsOf({ id, text, maxTokens, followUps = [] }: Prompt, workload: WireJob['workload']): WireJob[] {
  const common = {
    promptId: id,
    part: 'completion' as const,
    workload,
    maxTokens: maxTokens ?? workload.sampling.maxTokens,
  }
  const turns = workload.kind === 'chat' ? followUps : []
  return [{ ...common, text }, ...turns.map((next) => ({ ...common, text: next, follows: true as const }))]
}

/** A load with a duration asks for as many as it has time for. */
const requestsOf = (load: LoadConfig) => ('requests' in load ? load.requests : Number.POSITIVE_INFINITY)

const notWritten = ({ name, kind }: WorkloadConfig) =>
  new EngineFailure(
    'request-refused',
    `workload ${name} is of kind ${kind}, which needs the tokens and the probabilities of an embedded engine: ask a server for a chat or a completion`,
  )

/** The messages with which a conversation begins: the salt comes before everything that another request may share. */
export function openingOf({ workload, text }: WireJob, salt: string): Message[] {
  const system = workload.kind === 'chat' ? workload.system : undefined
  if (system === undefined) return [{ role: 'user', content: salt + text }]
  return [
    { role: 'system', content: salt + system },
    { role: 'user', content: text },
  ]
}

/** The text of a completion: behind its salt where it begins a conversation. */
export const textBehind = (start: { salt: string } | { said: readonly Message[] }, text: string): string =>
  'salt' in start ? start.salt + text : text
