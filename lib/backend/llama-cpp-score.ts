import type { ControlledEvaluateInputItem, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import type { OnContent } from '../domain/backend.ts'
import type { Ns, RequestTimeline } from '../domain/timeline.ts'
import { BaseWindowReader, BaseWindowWriter } from './base-window.ts'
import type { Job } from './llama-cpp-jobs.ts'

/** What llama.cpp is given where nothing is sampled away: probabilities are then those of the model. */
export const untouched = { temperature: 1, topK: 0, topP: 1, minP: 0 }
const smallestFloat = 1.401298464324817e-45
/** Logits that llama.cpp holds at once for what is scored, 4 bytes each: 128 MiB, which is half a window of 512 at a vocabulary of 128k. */
const heldLogits = 2 ** 25

type Surroundings = {
  sequence: LlamaContextSequence
  model: LlamaModel
  now: () => Ns
  onContent: OnContent
  signal: AbortSignal
}

/**
 * Scores the second half of a window: the logits at n/2 .. n-2 against the tokens after them (QUALITY of the design), and as many
 * of them at once as llama-perplexity asks for: kernels differ by the size of a batch, and with them the fourth digit of a quantized
 * model's perplexity. What its probabilities are is written for others to be held against, or held against what a base wrote.
 */
export async function scoreWindow(
  { tokens, promptId, base }: Extract<Job, { part: 'window' }>,
  { sequence, model, now, onContent, signal }: Surroundings,
): Promise<Pick<RequestTimeline, 'nll' | 'base'>> {
  const vocabulary = model.fileInfo.metadata.tokenizer.ggml.tokens.length
  const window = { tokens, vocabulary }
  using writer = base?.as === 'written' ? new BaseWindowWriter(base.folder, promptId, window) : undefined
  using reader = base?.as === 'read' ? new BaseWindowReader(base.folder, promptId, window) : undefined
  const first = Math.floor(tokens.length / 2)
  const step = Math.max(1, Math.floor(heldLogits / vocabulary))
  const nll: number[] = []
  const onProbabilities: OnProbabilities = (from, probabilities) => {
    writer?.set(from - first, probabilities)
    reader?.set(from - first, probabilities, tokens[from + 1] as Token)
  }
  await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, first))
  for (let from = first; from < tokens.length - 1 && !signal.aborted; from += step) {
    const until = Math.min(from + step, tokens.length - 1)
    nll.push(...(await scoreTokens(tokens, { from, until, sequence, onProbabilities })))
    onContent(now())
  }
  return { nll, ...(reader && !signal.aborted && { base: reader.scores }) }
}

/** Those of the token after the one at `from`, of the whole vocabulary. */
type OnProbabilities = (from: number, probabilities: ReadonlyMap<Token, number>) => void
type Part = { from: number; until: number; sequence: LlamaContextSequence; onProbabilities: OnProbabilities }

/** Negative log-likelihoods in nats of the tokens that follow those at `from` .. `until` - 1. */
async function scoreTokens(
  tokens: readonly Token[],
  { from, until, sequence, onProbabilities }: Part,
): Promise<number[]> {
  const input = tokens
    .slice(from, until)
    .map((token): ControlledEvaluateInputItem => [token, { generateNext: { probabilities: true, options: untouched } }])
  const found: (number | undefined)[] = input.map(() => undefined)
  await sequence.controlledEvaluate(input, {
    onTokenResult(i, { next }) {
      found[i] = next.probabilities?.get(tokens[from + i + 1] as Token)
      if (next.probabilities) onProbabilities(from + i, next.probabilities)
      // Those of the whole vocabulary would be kept for the whole batch: gigabytes of our own beside the model that is measured.
      delete next.probabilities
    },
  })
  return found.map((probability, i) => {
    // Broken weights give NaN, of which JSON would make nothing, and nothing would count as certainty.
    if (probability === undefined || Number.isNaN(probability))
      throw new Error(`the engine gave no probability for token ${from + i + 1} of a window`)
    return Math.round(-Math.log(Math.max(probability, smallestFloat)) * 1e6) / 1e6
  })
}
