import { EngineFailure, type Prepared, type PreparedJob } from '../domain/backend.ts'
import type { PerplexityWorkload } from '../domain/cell.ts'
import type { BaseScoring, TrialSpec } from '../domain/launch.ts'
import { type Message, openingOf, type WireJob, wireJobs } from './wire-jobs.ts'

/** What a trial asks an engine in Python to prepare, and what its jobs then are. */
export type PythonJobs = {
  message: object
  /** Of the tokens that its prompts came to be. */
  prepared: (prompts: readonly number[]) => Prepared
  /** What a conversation begins with; `undefined` for what is none. */
  opening: (job: number) => readonly Message[] | undefined
  /** What the user says next in a conversation. */
  text: (job: number) => string
}

/** The jobs of a trial. Throws an `EngineFailure` for what cannot be done with `model.generate`, or vLLM's `LLM`. */
export function pythonJobs(trial: TrialSpec): PythonJobs {
  const { workload } = trial
  switch (workload.kind) {
    case 'completion':
    case 'chat': {
      const prepared = wireJobs(trial)
      const job = (at: number) => prepared.jobs[at] as WireJob
      return {
        message: { kind: 'prepare', jobs: prepared.jobs.map(askedJob) },
        prepared: () => prepared,
        opening: (at) => (job(at + 1)?.follows ? openingOf(job(at), '') : undefined),
        text: (at) => job(at).text,
      }
    }
    case 'perplexity':
      return windows(workload, trial.scoring)
    case 'prefill-decode':
      throw new EngineFailure('request-refused', noPrefillDecode(workload.name))
  }
}

const noPrefillDecode = (name: string) =>
  `workload ${name} is of kind prefill-decode, which needs the parts of a request apart: an engine in Python is asked for whole ones; take a completion, or the embedded engine`

function windows({ text, context, chunks }: PerplexityWorkload, scoring?: BaseScoring): PythonJobs {
  return {
    message: {
      kind: 'prepare',
      windows: { text: text.text, context, ...(chunks !== undefined && { chunks }), ...(scoring && { scoring }) },
    },
    prepared: (prompts) => {
      const jobs = prompts.map((_, i): PreparedJob => ({ part: 'window', promptId: `window-${i + 1}` }))
      return { jobs, requests: jobs.length }
    },
    opening: () => undefined,
    text: () => '',
  }
}

/** As `python-engine.py` takes it; without a text of its own where it goes on with a conversation. */
function askedJob(job: WireJob) {
  const { workload, promptId, text, maxTokens } = job
  const { temperature, topK, topP, minP, seed, stop = [] } = workload.sampling
  const sampling = { maxTokens, temperature, topK, topP, minP, seed, stop, fixed: workload.output === 'fixed' }
  if (job.follows) return { promptId, ...sampling }
  return workload.kind === 'chat'
    ? { promptId, messages: openingOf(job, ''), ...sampling }
    : { promptId, text, ...sampling }
}
