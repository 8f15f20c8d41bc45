import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { engineServer } from '../../lib/backend/engine-server.ts'
import type { Engine } from '../../lib/domain/backend.ts'
import type { EngineServerConfig } from '../../lib/domain/backend-config.ts'
import type { PerplexityWorkload } from '../../lib/domain/cell.ts'
import type { BaseScoring, LaunchSpec } from '../../lib/domain/launch.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { recording } from './recorded-server.ts'
import { type Answer, json, models, ScriptedApi } from './scripted-api.ts'
import { send } from './wire-engine.ts'
import { openAiLaunch, trialOf } from './wire-launch.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-windows-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The window that was recorded: its first token is BOS. */
const window = [0, 719, 668, 275, 89, 36, 275, 400]
const text = [...window.slice(1), 300, 301, 302, 303, 304, 305, 306, 307, 308]
const workload: PerplexityWorkload = {
  name: 'quality',
  kind: 'perplexity',
  text: { id: 't', text: 'a text' },
  context: 8,
  chunks: 1,
}
type Entry = Record<string, { logprob: number; rank: number }> | null
const recorded = recording('prompt-logprobs-vllm.http').toString()
const answer = JSON.parse(recorded.slice(recorded.indexOf('\r\n\r\n'))) as { choices: [{ prompt_logprobs: Entry[] }] }
const entries = answer.choices[0].prompt_logprobs

/** As vLLM's: BOS before what is asked for whole. */
const tokenize =
  (size = 1024): Answer =>
  (response, { body }) => {
    const { prompt, add_special_tokens: isWhole } = JSON.parse(body) as { prompt: string; add_special_tokens: boolean }
    const tokens = prompt === 'a' ? [275] : text
    json({ count: 1, max_model_len: size, tokens: isWhole ? [0, ...tokens] : tokens })(response, {} as never)
  }
const completion = (given: unknown): Answer => json({ choices: [{ index: 0, text: '', prompt_logprobs: given }] })
const played: Answer = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

type Scripted = { '/tokenize'?: Answer; '/v1/completions'?: Answer }
async function serve(answers: Scripted = {}): Promise<ScriptedApi> {
  return ScriptedApi.start({
    '/v1/models': models('m'),
    '/tokenize': tokenize(),
    '/v1/completions': played,
    ...answers,
  })
}

function started({ url }: ScriptedApi, trials: LaunchSpec['trials'] = []): Promise<Engine> {
  const backend: EngineServerConfig = { name: 'v', kind: 'vllm', url, clientProcesses: 1, salt: false }
  return engineServer.start({ ...openAiLaunch(url), trials, backend }, { now, origin: now(), log: () => {} })
}

async function outcomeOf(answers: Scripted, change: Partial<PerplexityWorkload> = {}): Promise<string> {
  await using server = await serve(answers)
  await using engine = await started(server)
  const trial = trialOf({ ...workload, ...change })
  try {
    await engine.prepare(trial)
  } catch (error) {
    const { reason, message } = error as { reason: string; message: string }
    return `${reason}: ${message}`
  }
  const { outcome } = await send(engine, trial)
  return outcome.status === 'ok' ? 'ok' : `${outcome.reason}: ${outcome.detail}`
}

const lnP = (at: number) => entries[at]?.[String(window[at])]?.logprob ?? Number.NaN

describe('a text that vLLM scores over HTTP', () => {
  test('is cut as llama-perplexity cuts it, and the second half of each window is scored', async () => {
    await using server = await serve()
    await using engine = await started(server)
    const trial = trialOf(workload)
    expect(await engine.prepare(trial)).toEqual({ jobs: [{ part: 'window', promptId: 'window-1' }], requests: 1 })
    const timeline = await send(engine, trial)
    expect(timeline).toMatchObject({ outcome: { status: 'ok', finish: 'length' }, part: 'window', promptTokens: 8 })
    expect(timeline.nll).toEqual([5, 6, 7].map((at) => expect.closeTo(-lnP(at), 6)))
    expect(server.posted.at(-1)).toEqual({
      model: 'm',
      prompt: window,
      max_tokens: 1,
      temperature: 0,
      prompt_logprobs: 0,
    })
  })

  test('has each window once, BOS in place of its first token', async () => {
    await using server = await serve()
    await using engine = await started(server)
    const { jobs } = await engine.prepare(trialOf({ ...workload, chunks: 9 }))
    expect(jobs.map(({ promptId }) => promptId)).toEqual(['window-1', 'window-2'])
    await send(engine, trialOf(workload), { job: 1 })
    expect(server.posted.at(-1)).toMatchObject({ prompt: [0, ...text.slice(8, 15)] })
  })

  test('that is stopped says so', async () => {
    await using server = await serve({ '/v1/completions': () => {} })
    await using engine = await started(server)
    const trial = trialOf(workload)
    await engine.prepare(trial)
    const stop = new AbortController()
    const request = { trial, index: 0, job: 0, phase: 'measured' as const, client: 0, scheduled: now() }
    const sent = engine.send({ ...request, onSent: () => stop.abort() }, () => {}, stop.signal)
    expect((await sent).outcome).toMatchObject({ status: 'failed', reason: 'stopped' })
  })
})

const changed = (at: number, entry: unknown) => completion(entries.with(at, entry as Entry))

test.each<[string, Scripted, string | RegExp]>([
  [
    'too small a context',
    { '/tokenize': tokenize(8) },
    'context-overflow: workload quality: a window of 8 tokens and 1 token beside it need 9 tokens of context, the server has 8: start it with more (launch.args: { max-model-len: 9 }), or make workload.context smaller',
  ],
  [
    'no tokens',
    { '/tokenize': json({}, 404) },
    /^request-refused: \/tokenize: 404 Not Found: .*name vLLM itself in backend\.url/,
  ],
  ['other tokens', { '/tokenize': json({ tokens: ['a'] }) }, /^malformed-response: \/tokenize gave no tokens: /],
  [
    'too few probabilities',
    {
      '/v1/completions': json(
        { error: { message: 'Requested prompt logprobs of 9, which is greater than max allowed: 5' } },
        400,
      ),
    },
    /^request-refused: \/v1\/completions: 400 Bad Request: .*max allowed: 5\. Start it with more in --max-logprobs/,
  ],
  [
    'no probabilities',
    { '/v1/completions': completion(undefined) },
    /^malformed-response: .* no prompt_logprobs of each token/,
  ],
  [
    'those of another text',
    { '/v1/completions': completion(entries.slice(1)) },
    /^malformed-response: .* no prompt_logprobs/,
  ],
  [
    'half of them',
    { '/v1/completions': changed(6, null) },
    /^malformed-response: .* entries in prompt_logprobs that are none/,
  ],
  [
    'texts',
    { '/v1/completions': changed(6, { 275: { logprob: '-1', rank: 1 } }) },
    /^malformed-response: .* that are none/,
  ],
  [
    'those of other tokens',
    { '/v1/completions': changed(6, { 9: { logprob: -1, rank: 1 } }) },
    /^engine-error: .* no probability for token 6 /,
  ],
  [
    'ln 0',
    { '/v1/completions': changed(6, { 275: { logprob: -9999, rank: 9 } }) },
    /^engine-error: .* no probability for token 6 /,
  ],
  [
    'logits',
    { '/v1/completions': changed(6, { 275: { logprob: 7.5, rank: 1 } }) },
    /^engine-error: .*--logprobs-mode raw_logits: start it without$/,
  ],
  [
    'no JSON',
    { '/v1/completions': (response) => response.writeHead(200).end('NaN\u001b[31m') },
    /^malformed-response: 200 without JSON from \/v1\/completions: NaN\P{Cc}*$/u,
  ],
])('a server that gives %s is told from one that scores', async (_, answers, expected) => {
  expect(await outcomeOf(answers)).toMatch(expected)
})

test('a text that is too short is refused as by the other engines', async () => {
  expect(await outcomeOf({}, { context: 64 })).toBe(
    'context-overflow: perplexity needs at least 128 tokens of text, t has 17: give a longer text or a smaller context',
  )
})

const tied = (first: 1 | 2) => ({ 275: { logprob: -1, rank: first }, 400: { logprob: -1, rank: 3 - first } })

describe('against its base', () => {
  const base = { source: { kind: 'path' as const, path: '/b' }, artifact: { digest: 'b', path: '/b' } }
  const trial = (scoring?: BaseScoring) => trialOf({ ...workload, base: 'bf16' }, { base, ...(scoring && { scoring }) })

  async function scored(as: BaseScoring['as'], given: Answer = played) {
    await using server = await serve({ '/v1/completions': given })
    await using engine = await started(server, [trial()])
    await engine.prepare(trial({ folder, as }))
    const timeline = await send(engine, trial())
    return { timeline, asked: server.posted.at(-1) }
  }

  test('a model is none from itself, and as many probabilities are asked for as there is room for', async () => {
    const written = await scored('written')
    expect(written.timeline.base).toBeUndefined()
    expect(written.asked).toMatchObject({ prompt_logprobs: 25_000 })
    const { timeline } = await scored('read')
    const nll = [5, 6, 7].map((at) => expect.closeTo(-lnP(at), 6))
    expect(timeline.base).toEqual({ nll, kld: [0, 0, 0], sameTop: [1, 1, 1], isBound: true })
  })

  test('another is some distance, in the tokens that both tell', async () => {
    await scored('written')
    const ranked = Object.entries(entries[6] ?? {}).toSorted(([, a], [, b]) => a.rank - b.rank)
    const [first, second] = ranked.slice(0, 2) as [(typeof ranked)[number], (typeof ranked)[number]]
    const swapped = { ...entries[6], [first[0]]: { ...second[1], rank: 2 }, [second[0]]: { ...first[1], rank: 1 } }
    const { timeline } = await scored('read', changed(6, swapped))
    const [a, b] = [first[1].logprob, second[1].logprob]
    const expected = Math.exp(a) * (a - b) + Math.exp(b) * (b - a)
    expect(timeline.base?.kld).toEqual([0, expect.closeTo(expected, 8), 0])
    expect(timeline.base?.sameTop).toEqual([1, 0, 1])
  })

  test('of tokens that are equally likely the first is the likeliest, whichever the server ranks first', async () => {
    await scored('written', changed(6, tied(1)))
    const { timeline } = await scored('read', changed(6, tied(2)))
    expect(timeline.base?.sameTop).toEqual([1, 1, 1])
  })

  test('a base of another tokenizer is refused', async () => {
    await scored('written')
    await using server = await serve({ '/tokenize': json({ tokens: [5, ...text], max_model_len: 99 }) })
    await using engine = await started(server, [trial()])
    await engine.prepare(trial({ folder, as: 'read' }))
    const { outcome } = await send(engine, trial())
    expect(outcome).toMatchObject({
      reason: 'request-refused',
      detail: expect.stringMatching(/^the base cuts the text/),
    })
  })
})
