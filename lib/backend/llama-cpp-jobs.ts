import type { LlamaModel, Token } from 'node-llama-cpp'
import type {
  ChatWorkload,
  CompletionWorkload,
  LoadConfig,
  PerplexityWorkload,
  PrefillDecodeWorkload,
  Prompt,
  Sampling,
} from '../domain/cell.ts'
import { EngineFailure, type Prepared } from '../domain/backend.ts'
import type { BaseScoring, TrialSpec } from '../domain/launch.ts'
import { randomSequence } from '../domain/seeded.ts'
import { chatPrompts } from './llama-cpp-chat.ts'
import { windowsOf } from './windows.ts'

/** What one request does on the embedded engine. */
export type Job =
  | { part: 'completion'; promptId: string; tokens: Token[]; sampling: Sampling; output: 'fixed' | 'natural' }
  | { part: 'prefill'; promptId: string; depth: Token[]; tokens: Token[] }
  | { part: 'decode'; promptId: string; depth: Token[]; tokens: Token[]; outputTokens: number; seed: number }
  | { part: 'window'; promptId: string; tokens: Token[]; base?: BaseScoring }

export type Jobs = Prepared & { jobs: readonly Job[] }

/** The jobs of a trial in the order of its workload. Throws an `EngineFailure` where they do not fit the context. */
export function jobsOf(trial: TrialSpec, model: LlamaModel, contextSize: number): Jobs {
  const { workload } = trial
  switch (workload.kind) {
    case 'completion':
    case 'chat': {
      const jobs = writingJobs(workload, model)
      for (const job of jobs) assertFits(job.promptId, job.tokens.length + job.sampling.maxTokens, contextSize)
      return { jobs, requests: requestsOf(trial.load) }
    }
    case 'prefill-decode': {
      const jobs = prefillDecodeJobs(workload, model)
      assertFits(
        workload.name,
        workload.depth + Math.max(workload.promptTokens, workload.outputTokens + 1),
        contextSize,
      )
      return { jobs, requests: requestsOf(trial.load) * jobs.length }
    }
    case 'perplexity': {
      assertFits(workload.name, workload.context, contextSize)
      const jobs = windowJobs(workload, model, trial.scoring)
      return { jobs, requests: jobs.length }
    }
  }
}

/** A load with a duration asks for as many as it has time for. */
const requestsOf = (load: LoadConfig) => ('requests' in load ? load.requests : Number.POSITIVE_INFINITY)

function writingJobs(workload: CompletionWorkload | ChatWorkload, model: LlamaModel) {
  const { sampling, output } = workload
  const prompts = workload.kind === 'chat' ? chatPrompts(workload, model) : completionPrompts(workload, model)
  return prompts.map(({ id, tokens }, at) => {
    const { maxTokens = sampling.maxTokens } = workload.prompts[at] as Prompt
    return { part: 'completion' as const, promptId: id, tokens, sampling: { ...sampling, maxTokens }, output }
  })
}

const completionPrompts = ({ prompts }: CompletionWorkload, model: LlamaModel) =>
  prompts.map(({ id, text }) => ({ id, tokens: [...leadingTokens(model), ...model.tokenize(text)] }))

// As llama-bench does: random tokens after BOS, so that no prompt is easier than another; the decode starts from BOS alone.
function prefillDecodeJobs(workload: PrefillDecodeWorkload, model: LlamaModel): Job[] {
  const { promptTokens, outputTokens, seed } = workload
  const lead = leadingTokens(model)
  const random = randomSequence(seed)
  const ordinary = [...model.iterateAllTokens()].filter((token) => !model.isSpecialToken(token))
  const draw = (count: number) =>
    Array.from({ length: count }, () => ordinary[Math.floor(random() * ordinary.length)] as Token)
  const depth = workload.depth === 0 ? [] : [...lead, ...draw(workload.depth - lead.length)]
  const start = depth.length === 0 ? lead : []
  const jobs: Job[] = []
  if (promptTokens > 0)
    jobs.push({
      part: 'prefill',
      promptId: `pp${promptTokens}`,
      depth,
      tokens: [...start, ...draw(promptTokens - start.length)],
    })
  if (outputTokens > 0)
    jobs.push({
      part: 'decode',
      promptId: `tg${outputTokens}`,
      depth,
      tokens: start.length > 0 ? start : draw(1),
      outputTokens,
      seed,
    })
  return jobs
}

function windowJobs(workload: PerplexityWorkload, model: LlamaModel, base?: BaseScoring): Job[] {
  return windowsOf(model.tokenize(workload.text.text), leadingTokens(model), workload).map((tokens, i) => ({
    part: 'window',
    promptId: `window-${i + 1}`,
    tokens,
    ...(base && { base }),
  }))
}

/** BOS where the model wants one. */
function leadingTokens(model: LlamaModel): Token[] {
  const { bos, shouldPrependBosToken } = model.tokens
  return shouldPrependBosToken && bos !== null ? [bos] : []
}

function assertFits(what: string, tokens: number, contextSize: number): void {
  if (tokens > contextSize)
    throw new EngineFailure(
      'context-overflow',
      `${what} needs ${tokens} tokens of context, backend.contextSize is ${contextSize}: raise it or ask for less`,
    )
}
