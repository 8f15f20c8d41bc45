import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import type { OnContent } from '../domain/backend.ts'
import { encodeTimes } from '../domain/event-times.ts'
import type { Ns, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import type { Job } from './llama-cpp-jobs.ts'

type Surroundings = {
  sequence: LlamaContextSequence
  model: LlamaModel
  now: () => Ns
  onSent: (at: Ns) => void
  onContent: OnContent
  signal: AbortSignal
}
type Observed = { doneAt: Ns; outcome: RequestOutcome } & Pick<
  RequestTimeline,
  'promptTokens' | 'outputTokens' | 'tokensFrom' | 'events' | 'nll' | 'output'
>

const done: RequestOutcome = { status: 'ok', finish: 'length' }
const stopped: RequestOutcome = { status: 'failed', reason: 'stopped', detail: 'stopped before its end' }
// What llama.cpp is given where nothing is sampled away: probabilities are then those of the model.
const untouched = { temperature: 1, topK: 0, topP: 1, minP: 0 }
const smallestFloat = 1.401298464324817e-45

/** Runs one job in an emptied sequence: no prompt is ever cached. `onSent` marks the moment from which time counts. */
export async function runJob(job: Job, around: Surroundings): Promise<Observed> {
  if (around.sequence.nextTokenIndex > 0) await around.sequence.clearHistory() // one that failed left it
  if ((job.part === 'prefill' || job.part === 'decode') && job.depth.length > 0)
    await around.sequence.evaluateWithoutGeneratingNewTokens(job.depth)
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
      return scoreWindow(job.tokens, around)
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
  keepText: boolean
}

async function generate(prompt: Token[], options: Generation, around: Surroundings): Promise<Observed> {
  const { sequence, now, onContent, signal } = around
  const { maxTokens, stopAtEnd, keepText, ...sampling } = options
  const times = new Float64Array(maxTokens)
  const tokens: Token[] = []
  const sent = now()
  around.onSent(sent)
  // The hot path: one stamp per token, everything else afterwards.
  for await (const token of sequence.evaluate(prompt, { ...sampling, yieldEogToken: !stopAtEnd })) {
    const at = now()
    times[tokens.length] = at
    tokens.push(token)
    onContent(at)
    if (tokens.length === maxTokens || signal.aborted) break
  }
  const doneAt = now()
  const complete = tokens.length === maxTokens
  return {
    doneAt,
    outcome: complete ? done : signal.aborted ? stopped : { status: 'ok', finish: 'stop' },
    promptTokens: prompt.length,
    outputTokens: tokens.length,
    tokensFrom: 'engine',
    events: { deltasUs: encodeTimes(times.subarray(0, tokens.length), sent) },
    ...(keepText && { output: around.model.detokenize(tokens) }),
  }
}

async function prefill(tokens: Token[], { sequence, now, onSent }: Surroundings): Promise<Observed> {
  onSent(now())
  await sequence.evaluateWithoutGeneratingNewTokens(tokens)
  return { doneAt: now(), outcome: done, promptTokens: tokens.length }
}

// The second half of a window is scored: the logits at n/2 .. n-2 against the tokens after them (QUALITY of the design).
async function scoreWindow(tokens: Token[], { sequence, now, onSent, onContent }: Surroundings): Promise<Observed> {
  const first = tokens.length / 2
  onSent(now())
  const nll: number[] = []
  const results = await sequence.controlledEvaluate(
    tokens.map((token, i) =>
      i >= first && i < tokens.length - 1
        ? [token, { generateNext: { probabilities: true, options: untouched } }]
        : token,
    ),
    { onTokenResult: () => onContent(now()) },
  )
  for (let i = first; i < tokens.length - 1; i += 1) {
    const probability = results[i]?.next.probabilities?.get(tokens[i + 1] as Token)
    if (probability === undefined) throw new Error(`the engine gave no probability for token ${i + 1} of a window`)
    nll.push(Math.round(-Math.log(Math.max(probability, smallestFloat)) * 1e6) / 1e6)
  }
  return { doneAt: now(), outcome: done, promptTokens: tokens.length, nll }
}
