import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../lib/domain/backend.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { windowQuality } from '../../lib/measure/window-quality.ts'
import { orThrow } from '../../lib/parse/problem.ts'
import { readTokenizer } from '../../lib/prompts/tokenizer.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { backendContract } from '../backend/contract.ts'
import { lentEngine } from '../backend/lent-engine.ts'
import { serverContract } from '../backend/server-contract.ts'
import { send } from '../backend/wire-engine.ts'
import { chatOf, completionOf, sampling, trialOf } from '../backend/wire-launch.ts'
import { lacksEngine } from './engines.ts'
import { realEngines, startReal, tokenizerFile } from './real-engines.ts'
import { yielding } from './yielding.ts'

const logs = mkdtempSync(join(tmpdir(), 'benchbook-real-'))
afterAll(() => rmSync(logs, { recursive: true, force: true }))

/** What real servers do that others do not. */
type Ways = {
  output: 'fixed' | 'natural'
  serial?: true
  countless?: true
  /** How a prompt beyond its context fails; absent where it goes on as if there were no end. */
  tooLong?: { reason: string; detail: RegExp }
  /** It tells the probabilities of a text. */
  scores?: true
}
const ways: Readonly<Record<string, Ways>> = {
  'llama-server': {
    output: 'fixed',
    tooLong: { reason: 'request-refused', detail: /^400 Bad Request: .*exceeds the available context size/ },
  },
  'llama_cpp.server': {
    output: 'natural',
    serial: true,
    countless: true,
    tooLong: { reason: 'closed-early', detail: /a prompt longer than its context$/ },
  },
  'transformers serve': { output: 'fixed', serial: true },
  vLLM: {
    output: 'fixed',
    scores: true,
    tooLong: { reason: 'request-refused', detail: /^400 Bad Request: .*maximum context length/ },
  },
}

// Of experiments/engines.yaml.
const prompts = [
  { id: 'file', text: 'def read_file(path):\n    """Return the text of a file."""\n' },
  { id: 'class', text: 'import os\n\nclass Folder:\n    def __init__(self, path):\n' },
  { id: 'prose', text: 'The module defines the following functions and exceptions. ' },
]
const common = { prompts: prompts.slice(0, 2), sampling: { ...sampling, maxTokens: 24 } }
const talk = [{ id: 'talk', text: 'Hello', followUps: ['And?', 'Bye'] }]
const impossible = { name: 'pp', kind: 'perplexity' as const, text: { id: 't', text: 'x' }, context: 64 }

const outputs = new Map<string, string[]>()

for (const [name, real] of Object.entries(realEngines)) {
  const { output, tooLong, scores, ...rest } = ways[name] as Ways
  describe.skipIf(lacksEngine(real.program))(`the real ${name}`, () => {
    const origin = now()
    let engine: Engine
    beforeAll(
      async () => void (engine = yielding(await startReal(real, origin, join(logs, `${real.kind}.log`)))),
      300_000,
    )
    afterAll(() => engine?.[Symbol.asyncDispose]())

    const start = (from: number) => Promise.resolve(lentEngine(engine, origin - from))
    const completion = completionOf({ ...common, output })
    const long = completionOf({ ...common, output, sampling: { ...sampling, maxTokens: 900 } })
    backendContract(name, { start, completion, chat: chatOf({ ...common, output }), long, impossible, ...rest })
    serverContract(name, { start, completion, conversation: chatOf({ ...common, output, prompts: talk }), ...rest })

    test.runIf(tooLong)('a prompt beyond its context is an outcome with its reason; the next is answered', async () => {
      const tooMuch = { id: 'much', text: 'import os\n'.repeat(1500) }
      const trial = trialOf(completionOf({ ...common, output, prompts: [...common.prompts, tooMuch] }))
      await engine.prepare(trial)
      const { outcome } = await send(engine, trial, { job: 2 })
      expect(outcome).toMatchObject({ status: 'failed', reason: tooLong?.reason })
      expect((outcome as { detail: string }).detail).toMatch(tooLong?.detail as RegExp)
      // llama_cpp.server closes the connection behind such an answer, and the next request may meet that.
      const next = () => send(engine, trial)
      await expect.poll(next).toMatchObject({ outcome: { status: 'ok', finish: 'length' } })
    })

    test.runIf(scores)("has the demo model's perplexity, as transformers has it", { timeout: 300_000 }, async () => {
      const text = { id: 'held-out', text: readFileSync('data/models/demo/held-out.txt', 'utf8') }
      const windows = await answersOf(engine, { name: 'ppl', kind: 'perplexity', text, context: 512 })
      expect(windows.map(({ outcome }) => outcome)).toEqual(windows.map(() => ({ status: 'ok', finish: 'length' })))
      const { value = Number.NaN, n } = windowQuality(windows).perplexity ?? {}
      expect(n).toBe(13_770)
      expect(value).toBeCloseTo(14.2605, 3)
    })

    test('counts as an independent tokenizer does', async () => {
      const { tokenizer } = orThrow(await readTokenizer({ file: tokenizerFile, path: tokenizerFile }))
      const answers = [
        ...(await answersOf(
          engine,
          completionOf({ ...common, prompts, output, sampling: { ...sampling, maxTokens: 64 } }),
        )),
        ...(await answersOf(engine, chatOf({ ...common, sampling: { ...sampling, maxTokens: 200 } }))),
      ]
      outputs.set(
        name,
        answers.slice(0, prompts.length).map(({ output: text = '' }) => text),
      )
      for (const { output: text = '', outputTokens, events } of answers) {
        // Whole characters alone: of a text that is cut inside of one the server counts a token more, which writes nothing.
        expect(text).toMatch(/^[\p{ASCII}]+$/u)
        // What says no counts writes a token with each chunk.
        expect(tokenizer.count(text)).toBe(outputTokens ?? events?.deltasUs.length)
      }
    })
  })
}

async function answersOf(engine: Engine, workload: Parameters<typeof trialOf>[0]): Promise<RequestTimeline[]> {
  const trial = trialOf(workload)
  const { jobs } = await engine.prepare(trial)
  const answers: RequestTimeline[] = []
  for (const job of jobs.keys()) answers.push(await send(engine, trial, { job }))
  return answers
}

describe('greedy answers on the same weights', () => {
  test.skipIf(lacksEngine('vllm', 'transformers'))(
    'are the same under transformers and vLLM, in 32-bit arithmetic',
    () => {
      expect(outputs.get('vLLM')).toEqual(outputs.get('transformers serve'))
    },
  )

  // Its F16 weights and other kernels make it another calculation: how far it goes along is told, not asked for.
  afterAll(() => ['llama-server', 'llama_cpp.server'].forEach(tellAlike))
})

function tellAlike(name: string): void {
  const [own = [], others = []] = [outputs.get(name), outputs.get('transformers serve')]
  const alike = own.map((text, i) => `${sharedLength(text, others[i] ?? '')} of ${text.length}`)
  console.log(`${name} beside transformers, characters alike: ${alike.join(', ')}`)
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
