import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import type { OnContent } from '../domain/backend.ts'
import { encodeTimes } from '../domain/event-times.ts'
import type { Ns, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import { holdBack } from './hold-back.ts'
import type { Job } from './llama-cpp-jobs.ts'
import { scoreWindow, untouched } from './llama-cpp-score.ts'
import { beforeStop, StopWatch, wholeCharacters } from './stop-text.ts'

type Surroundings = {
  sequence: LlamaContextSequence
  model: LlamaModel
  now: () => Ns
  /** Puts tokens into the sequence that neither clock nor counters are to see. */
  fillDepth: (tokens: Token[]) => Promise<void>
  /** Waits for the other clients before the next token is asked for; absent where there are none. */
  inStep?: () => Promise<void>
  /** By which share of its time each token is held back, for a test. */
  handicap?: number
  onSent: (at: Ns) => void
  onContent: OnContent
  signal: AbortSignal
}
type Observed = { doneAt: Ns; outcome: RequestOutcome } & Pick<
  RequestTimeline,
  'promptTokens' | 'outputTokens' | 'tokensFrom' | 'events' | 'nll' | 'base' | 'output'
>

const done: RequestOutcome = { status: 'ok', finish: 'length' }
const stopped: RequestOutcome = { status: 'failed', reason: 'stopped', detail: 'stopped before its end' }

/** Runs one job in an emptied sequence: no prompt is ever cached. `onSent` marks the moment from which time counts. */
export async function runJob(job: Job, around: Surroundings): Promise<Observed> {
  if (around.sequence.nextTokenIndex > 0) await around.sequence.clearHistory() // one that failed left it
  if ((job.part === 'prefill' || job.part === 'decode') && job.depth.length > 0) await around.fillDepth(job.depth)
  switch (job.part) {
    case 'completion':
      return generate(job.tokens, { ...job.sampling, stopAtEnd: job.output === 'natural', keepText: true }, around)
    case 'decode': {
      const { outputTokens: maxTokens, seed } = job
      return generate(
        job.tokens,
        { ...untouched, temperature: 0, seed, maxTokens, stopAtEnd: false, keepText: false },
        around,
      )
    }
    case 'prefill':
      return prefill(job.tokens, around)
    case 'window':
      return score(job, around)
  }
}

type Generation = {
  temperature: number
  topK: number
  topP: number
  minP: number
  seed: number
  maxTokens: number
  stopAtEnd: boolean
  /** Texts before which the output ends. */
  stop?: readonly string[]
  keepText: boolean
}

async function generate(prompt: Token[], options: Generation, around: Surroundings): Promise<Observed> {
  const { sequence, model, now, onContent, signal, handicap } = around
  const { maxTokens, stopAtEnd, stop, keepText, ...sampling } = options
  const watch = stop && new StopWatch<Token>(stop, (some, before) => model.detokenize([...some], false, before))
  const times = new Float64Array(maxTokens)
  const tokens: Token[] = []
  const sent = now()
  around.onSent(sent)
  let found = false
  // The hot path: one stamp per token, everything else afterwards; only texts to stop at have to be looked for meanwhile.
  for await (const token of sequence.evaluate(prompt, { ...sampling, yieldEogToken: !stopAtEnd })) {
    if (handicap !== undefined) holdBack(times[tokens.length - 1] ?? sent, handicap, now)
    const at = now()
    times[tokens.length] = at
    tokens.push(token)
    onContent(at)
    found = watch?.add(token) ?? false
    if (found || tokens.length === maxTokens || signal.aborted) break
    if (around.inStep) await around.inStep()
  }
  const doneAt = now()
  const written = (some: readonly Token[]) => model.detokenize([...some])
  const { text, count } = found
    ? beforeStop(tokens, stop ?? [], written)
    : { text: keepText ? wholeCharacters(written(tokens)) : '', count: tokens.length }
  const complete = !found && tokens.length === maxTokens
  return {
    doneAt,
    outcome: complete ? done : signal.aborted && !found ? stopped : { status: 'ok', finish: 'stop' },
    promptTokens: prompt.length,
    outputTokens: count,
    tokensFrom: 'engine',
    events: { deltasUs: encodeTimes(times.subarray(0, count), sent) },
    ...(keepText && { output: text }),
  }
}

async function prefill(tokens: Token[], { sequence, now, onSent }: Surroundings): Promise<Observed> {
  onSent(now())
  await sequence.evaluateWithoutGeneratingNewTokens(tokens)
  return { doneAt: now(), outcome: done, promptTokens: tokens.length }
}

async function score(job: Extract<Job, { part: 'window' }>, around: Surroundings): Promise<Observed> {
  const { now, onSent, signal } = around
  onSent(now())
  const scores = await scoreWindow(job, around)
  return { doneAt: now(), outcome: signal.aborted ? stopped : done, promptTokens: job.tokens.length, ...scores }
}
