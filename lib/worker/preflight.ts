import { type Engine, EngineFailure } from '../domain/backend.ts'
import type { ChatWorkload, CompletionWorkload } from '../domain/cell.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import { plain } from '../domain/plain.ts'
import type { Ns, RequestTimeline } from '../domain/timeline.ts'

type Asking = ChatWorkload | CompletionWorkload
type Context = { now: () => Ns; signal: AbortSignal }

/** Enough to tell words from noise. */
const outputTokens = 16
const mostShown = 60
/** Of an answer's characters, how many may be no text before it is nonsense: a character may be cut in two by the end of the answer. */
const mostNoise = 0.2

/** Embedded in this process, or known beforehand: nothing would be learned. */
const isKnown = ({ backend }: LaunchSpec) => backend.kind === 'llama.cpp' || backend.kind === 'emulator'

/**
 * Asks an engine for one short answer before time is spent on it. Throws an `EngineFailure` where none comes within the limit
 * on the first token, where it fails, or where it is nonsense. A launch that only scores texts is not asked.
 */
export async function preflight(launch: LaunchSpec, engine: Engine, context: Context): Promise<void> {
  const trial = launch.trials.find(({ workload }) => workload.kind === 'chat' || workload.kind === 'completion')
  if (trial === undefined || isKnown(launch)) return
  const asked = shortTrial(trial)
  await engine.prepare(asked)
  const timeline = await answered(engine, asked, context)
  if (context.signal.aborted) return
  if (timeline === undefined) throw failure('first-token-timeout', tooLate(asked))
  const { outcome } = timeline
  if (outcome.status === 'failed')
    throw outcome.reason === 'stopped'
      ? failure('first-token-timeout', tooLate(asked))
      : failure(outcome.reason, outcome.detail)
  const why = whyNonsense(timeline, launch.artifact.description?.randomWeights === true)
  if (why !== undefined) throw failure('nonsense', why)
}

const failure = (reason: EngineFailure['reason'], detail: string) =>
  new EngineFailure(reason, `before anything was measured, one short request: ${detail}`)

const tooLate = ({ limits }: TrialSpec) => `it was not answered within ${limits.firstTokenMs} ms (limits.firstToken)`

function shortTrial(trial: TrialSpec): TrialSpec {
  const workload = trial.workload as Asking
  const [first] = workload.prompts
  const { stop: _, ...sampling } = { ...workload.sampling, temperature: 0, maxTokens: outputTokens }
  const prompts = first === undefined ? [] : [{ id: first.id, text: first.text }]
  return {
    ...trial,
    workload: { ...workload, prompts, sampling, output: 'natural' },
    load: { kind: 'closed', clients: 1, requests: 1 },
    warmup: { requests: 0 },
  }
}

/** `undefined`: the engine did not even stop. */
async function answered(
  engine: Engine,
  trial: TrialSpec,
  { now, signal }: Context,
): Promise<RequestTimeline | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const stop = new AbortController()
  const { firstTokenMs } = trial.limits
  const timers = [setTimeout(() => stop.abort(), firstTokenMs), setTimeout(() => resolve(undefined), 2 * firstTokenMs)]
  const onAbort = () => stop.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  const request = { trial, index: 0, job: 0, phase: 'warmup' as const, client: 0, scheduled: now() }
  try {
    return await Promise.race([engine.send(request, () => {}, stop.signal), late])
  } finally {
    for (const timer of timers) clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** What is amiss with an answer that came in order; random weights write what they will. */
function whyNonsense(
  { output = '', outputTokens: counted, promptTokens, outcome }: RequestTimeline,
  isRandom: boolean,
): string | undefined {
  const shown = `${plain(JSON.stringify(output.slice(0, mostShown)))}${output.length > mostShown ? '…' : ''}`
  if (counted !== undefined && counted > outputTokens + 1)
    return `${counted} tokens came where ${outputTokens} at most were asked for: it does not heed what it is asked`
  if (promptTokens === 0) return 'it says that the prompt had no tokens'
  if (isRandom) return undefined
  const isLong = outcome.status === 'ok' && outcome.finish === 'length'
  if (output.trim() === '' && isLong) return `it wrote nothing but white space: ${shown}`
  const noise = output.match(/(?!\s)[\p{Cn}\p{Co}\p{Cc}\uFFFD]/gu)?.length ?? 0
  if (noise > Math.max(2, mostNoise * output.length)) return `what it wrote is no text: ${shown}`
  return undefined
}
