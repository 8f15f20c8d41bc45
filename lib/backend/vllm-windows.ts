import { EngineFailure } from '../domain/backend.ts'
import type { PerplexityWorkload } from '../domain/cell.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { evidence } from '../wire/evidence.ts'
import { type Got, postJson } from '../wire/http-get.ts'
import { type Fields, parsedFields } from '../wire/json-fields.ts'
import { refusalOf } from './answer-outcome.ts'
import { bodyWith } from './body-with.ts'
import { scoredAgainstBase } from './likeliest-window.ts'
import type { WindowAsking, Windows } from './protocol.ts'
import { scoresIn } from './vllm-prompt-logprobs.ts'
import { windowsOf } from './windows.ts'

/** It always writes a token. */
const besideWindow = 1
/** A long text's tokens, or some hundred thousand probabilities. */
const mostBytes = 2 ** 28

/**
 * The windows of a text at vLLM's server, by its own tokenizer (`/tokenize`), each scored by `prompt_logprobs` of `/v1/completions`.
 * Throws an `EngineFailure` where it tells no tokens, its context is too small, or there is too little of a text.
 */
export async function vllmWindows(
  trial: TrialSpec,
  workload: PerplexityWorkload,
  asking: WindowAsking,
): Promise<Windows> {
  const { scoring } = trial
  if (scoring && asking.likeliest < 1) throw new EngineFailure('request-refused', noLikeliest)
  const asks = askerOf(trial, asking)
  const { text, lead, contextSize } = await tokensOf(workload.text.text, asks, asking)
  if (contextSize !== undefined) assertFits(workload, contextSize)
  const windows = windowsOf(text, lead, workload).map((tokens, at) => ({ promptId: `window-${at + 1}`, tokens }))
  return {
    jobs: windows.map(({ promptId }) => ({ part: 'window', promptId })),
    async score(job, signal) {
      const window = windows[job] as (typeof windows)[number]
      const { tokens } = window
      const told = scoresIn(
        await asks('/v1/completions', bodyOf(tokens, scoring ? asking.likeliest : 0, asking), signal),
        tokens,
      )
      const nll = told.map((row, at) => -(row.get(tokens[tokens.length - told.length + at] as number) as number))
      const base = scoring && scoredAgainstBase(window, told, scoring)
      const found: Pick<RequestTimeline, 'promptTokens' | 'nll' | 'base'> = {
        promptTokens: tokens.length,
        nll: nll.map(rounded),
      }
      return { ...found, ...(base && { base }) }
    },
  }
}

const noLikeliest =
  'what a base says is held against what vLLM tells of its likeliest tokens, and max-logprobs: 0 of launch.args has it tell none: leave it out'

type Asks = (path: string, body: string, signal?: AbortSignal) => Promise<Fields>

/** Asks and waits as long as a trial may last. */
const askerOf =
  ({ limits: { trialMs } }: TrialSpec, { target, headers }: WindowAsking): Asks =>
  async (path, body, signal) => {
    const got = await postJson(target, path, {
      headers,
      body,
      mostBytes,
      patienceMs: trialMs,
      ...(signal && { signal }),
    })
    const fields = parsedFields(got.body)
    if (got.status === 200 && fields !== undefined) return fields
    throw failureOf(path, got)
  }

function failureOf(path: string, got: Got): EngineFailure {
  const refusal = refusalOf(got)
  if (refusal === undefined)
    return new EngineFailure('malformed-response', `${got.status} without JSON from ${path}: ${evidence(got.body)}`)
  const hint = hintAt(path, got, refusal.detail)
  return new EngineFailure(refusal.reason, `${path}: ${refusal.detail}${hint}`)
}

function hintAt(path: string, { status }: Got, detail: string): string {
  if (path === '/tokenize' && (status === 404 || status === 405))
    return ". A text is scored in the server's own tokens, which vLLM tells there: name vLLM itself in backend.url, not what stands before it"
  if (/greater than max allowed/.test(detail))
    return '. Start it with more in --max-logprobs (launch.args: { max-logprobs: N })'
  return ''
}

type Tokens = { text: number[]; lead: number[]; contextSize: number | undefined }

/** A text's tokens without special ones around it, and BOS where the model wants it: what comes before one letter. */
async function tokensOf(text: string, asks: Asks, { model }: WindowAsking): Promise<Tokens> {
  const tokenize = async (prompt: string, isWhole: boolean) => {
    const fields = await asks('/tokenize', JSON.stringify({ model, prompt, add_special_tokens: isWhole }))
    const { tokens, max_model_len: size } = fields
    if (Array.isArray(tokens) && tokens.every((id) => Number.isInteger(id))) return { tokens: tokens as number[], size }
    throw new EngineFailure('malformed-response', `/tokenize gave no tokens: ${evidence(JSON.stringify(fields))}`)
  }
  const [{ tokens, size }, bare, whole] = [
    await tokenize(text, false),
    await tokenize('a', false),
    await tokenize('a', true),
  ]
  const first = whole.tokens[0]
  const isLed = whole.tokens.length > bare.tokens.length && first !== undefined && first !== bare.tokens[0]
  return { text: tokens, lead: isLed ? [first] : [], contextSize: typeof size === 'number' ? size : undefined }
}

function assertFits({ name, context }: PerplexityWorkload, contextSize: number): void {
  const needed = context + besideWindow
  if (needed <= contextSize) return
  throw new EngineFailure(
    'context-overflow',
    `workload ${name}: a window of ${context} tokens and ${besideWindow} token beside it need ${needed} tokens of context, the server has ${contextSize}: start it with more (launch.args: { max-model-len: ${needed} }), or make workload.context smaller`,
  )
}

const bodyOf = (prompt: readonly number[], likeliest: number, { model, extraBody }: WindowAsking) =>
  bodyWith({ model, prompt, max_tokens: besideWindow, temperature: 0, prompt_logprobs: likeliest }, extraBody)

const rounded = (value: number) => Math.round(value * 1e6) / 1e6
