import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Engine, EngineFailure } from '../../lib/domain/backend.ts'
import type { LaunchSpec, TrialSpec } from '../../lib/domain/launch.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { preflight } from '../../lib/worker/preflight.ts'
import { chatOf, openAiLaunch, trialOf } from '../backend/wire-launch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const ok: RequestTimeline['outcome'] = { status: 'ok', finish: 'length' }
const head = {
  promptId: 'p1',
  part: 'completion',
  phase: 'warmup',
  client: 0,
  scheduledUs: 0,
  sentUs: 0,
  doneUs: 1,
} as const

/** What an engine is asked, which answers so; never, where there is no answer. */
function engineOf(answer?: Partial<RequestTimeline>, onStop: 'ends' | 'goes on' = 'ends') {
  const asked: TrialSpec[] = []
  const engine: Engine = {
    facts: {} as Engine['facts'],
    async prepare(trial) {
      asked.push(trial)
      return { requests: 1, jobs: [{ promptId: 'p1', part: 'completion' }] }
    },
    async send(_, __, signal) {
      if (answer) return { ...head, outcome: ok, ...answer }
      return await new Promise((resolve) => {
        const stopped = { status: 'failed', reason: 'stopped', detail: '' } as const
        signal.addEventListener('abort', () => onStop === 'ends' && resolve({ ...head, outcome: stopped }))
      })
    },
    async [Symbol.asyncDispose]() {},
  }
  return { engine, asked }
}

const launch: LaunchSpec = { ...openAiLaunch('http://x'), trials: [trialOf(chatOf({ output: 'fixed' }))] }
const look = (engine: Engine, spec = launch) =>
  preflight(spec, engine, { now: () => 0, signal: new AbortController().signal })
const why = async (answer: Partial<RequestTimeline>, spec = launch) => {
  const { engine } = engineOf(answer)
  return await look(engine, spec).then(
    () => 'sane',
    ({ reason, message }: EngineFailure) =>
      `${reason}: ${message.replace(/^before anything was measured, one short request: /, '')}`,
  )
}

test('one short request of the first prompt is sent, without the rest of its conversation', async () => {
  const { engine, asked } = engineOf({ output: 'Hello there' })
  const prompts = [
    { id: 'p1', text: 'Hi', followUps: ['And?'], maxTokens: 900 },
    { id: 'p2', text: 'Bye' },
  ]
  await look(engine, { ...launch, trials: [trialOf(chatOf({ prompts, output: 'fixed' }))] })
  expect(asked).toMatchObject([
    {
      workload: { prompts: [{ id: 'p1', text: 'Hi' }], output: 'natural', sampling: { maxTokens: 16, temperature: 0 } },
    },
  ])
  expect(asked[0]?.workload).not.toHaveProperty('prompts.0.maxTokens')
})

test('an answer that is text is sane, whatever it says, and so is an end at once', async () => {
  expect(await why({ output: 'Zażółć gęślą jaźń 안녕 🙂', outputTokens: 16, promptTokens: 3 })).toBe('sane')
  expect(await why({ output: 'half a character \uFFFD' })).toBe('sane')
  expect(await why({ output: '', outcome: { status: 'ok', finish: 'stop' } })).toBe('sane')
})

test('an answer that is none says why', async () => {
  expect(await why({ output: ' \n\n ' })).toBe('nonsense: it wrote nothing but white space: " \\n\\n "')
  expect(await why({ output: '\u0000\u0001\uFFFD\uFFFDab' })).toMatch(/^nonsense: what it wrote is no text: /)
  expect(await why({ output: 'so long', outputTokens: 400 })).toBe(
    'nonsense: 400 tokens came where 16 at most were asked for: it does not heed what it is asked',
  )
  expect(await why({ output: 'yes', promptTokens: 0 })).toBe('nonsense: it says that the prompt had no tokens')
})

test('random weights may write anything', async () => {
  const description = { randomWeights: true } as NonNullable<LaunchSpec['artifact']['description']>
  const spec = { ...launch, artifact: { ...launch.artifact, description } }
  expect(await why({ output: '\uFFFD\uFFFD\uFFFD\uFFFD' }, spec)).toBe('sane')
})

test('a failed request fails the launch for its reason', async () => {
  const outcome = { status: 'failed', reason: 'malformed-response', detail: 'no HTTP: "<html>"' } as const
  expect(await why({ outcome })).toBe('malformed-response: no HTTP: "<html>"')
})

test.each(['ends', 'goes on'] as const)(
  'an answer that does not come is not waited for: a request that %s when stopped',
  async (how) => {
    const { engine } = engineOf(undefined, how)
    const looking = look(engine).catch(({ reason, message }: EngineFailure) => `${reason}: ${message}`)
    await vi.advanceTimersByTimeAsync(2 * (launch.trials[0] as TrialSpec).limits.firstTokenMs)
    expect(await looking).toMatch(
      /^first-token-timeout: before anything was measured, one short request: it was not answered within \d+ ms/,
    )
  },
)

test('neither an engine in this process nor the emulator is asked, nor one that only scores', async () => {
  const { engine, asked } = engineOf()
  await look(engine, { ...launch, backend: { kind: 'emulator' } as LaunchSpec['backend'] })
  const scoring = { name: 's', kind: 'perplexity' as const, text: { id: 't', text: 'x' }, context: 64 }
  await look(engine, { ...launch, trials: [trialOf(scoring)] })
  expect(asked).toEqual([])
})
