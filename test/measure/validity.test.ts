import { describe, expect, test } from 'vitest'
import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { WorkloadConfig } from '../../lib/domain/cell.ts'
import { TrialFacts } from '../../lib/measure/trial-facts.ts'
import { invalidities } from '../../lib/measure/validity.ts'
import { calm, chat, found, ok, times, wire } from './invalid-trial.ts'
import { completion, failed, without } from './requests.ts'

/** TTFT 100 ms, TPOT 25 ms, let go so late. */
const lateBy = (ms: number) => completion({ scheduledUs: 0, sentUs: ms * 1000 })

const cached = (cachedTokens: number) => completion({ sentUs: 1_000_000, promptTokens: 200, cachedTokens })
const counted = (outputTokens: number, countedTokens: number) =>
  completion({ sentUs: 1_000_000, outputTokens, countedTokens, tokensFrom: 'usage' })

const fast = (ms: number) => completion({ sentUs: ms * 1000, scheduledUs: 0, events: { deltasUs: [5000, 500, 500] } })

describe('a late client', () => {
  test('is one whose 99th percentile is beyond 1 ms and 5 % of the median time to the first token', () => {
    const late = [...times(98, () => lateBy(0)), lateBy(6), lateBy(7)]
    expect(found(late)).toEqual({
      'client-late':
        'the client let requests go 6.00 ms late (99th percentile of 100): more than 1 ms and than 5 % of the median TTFT of 100.00 ms',
    })
    expect(
      found([...times(98, () => lateBy(0)), lateBy(5), lateBy(7)]),
      '5 % of 100 ms, whatever the gaps between tokens',
    ).toEqual({})
  })

  test('may be late by 1 ms whatever it measures', () => {
    expect(found(times(10, () => fast(1)))).toEqual({})
    expect(found(times(10, () => fast(1.1)))).toHaveProperty('client-late')
  })

  test('is not one of whose few requests a single one was late', () => {
    expect(found([...times(20, () => lateBy(0)), lateBy(50)])).toEqual({})
    expect(found([lateBy(50)])).toHaveProperty('client-late')
  })

  test('is not late where no client was free or a connection was opened', () => {
    const waited = completion({ scheduledUs: 0, sentUs: 90_000, poolWaitUs: 60_000, connectUs: 30_000 })
    expect(found(times(9, () => waited))).toEqual({})
  })

  test('spoils nothing that was measured where no answer came, and no warm-up counts', () => {
    expect(found([completion({ scheduledUs: 0, outcome: failed })])).toEqual({})
    expect(found([{ ...lateBy(50), phase: 'warmup' }, lateBy(0)])).toEqual({})
  })
})

const apart = (beganApartMs: number) => ({ client: { ...calm, processes: 2, beganApartMs } })
test('a client of several processes that began apart by 1 ms and 5 % of the first token is late, each though it kept its schedule', () => {
  expect(found([lateBy(0)], apart(5.5))).toEqual({
    'client-late':
      'the 2 processes of the client began up to 5.50 ms apart: more than 1 ms and than 5 % of the median TTFT of 100.00 ms',
  })
  expect(found([lateBy(0)], apart(5))).toEqual({})
})

test('a busy client is one whose loop came too late', () => {
  const client = { ...calm, loopDelayMs: { p50: 0, p99: 3.456, max: 9 } }
  expect(found([lateBy(0)], { client })).toEqual({
    'client-busy':
      'the client came 3.46 ms late to what was due (99th percentile): more than 1 ms and than 5 % of the median TPOT of 25.00 ms',
  })
  expect(found([lateBy(0)], { client: { ...calm, loopDelayMs: { p50: 0, p99: 1.2, max: 9 } } })).toEqual({})
})

test('a client is as busy where a server says no tokens: the gaps between events are held against it', () => {
  const client = { ...calm, loopDelayMs: { p50: 0, p99: 3.456, max: 9 } }
  const untold = without(completion({ sentUs: 1_000_000 }), 'outputTokens')
  expect(found([untold], { client })).toEqual({
    'client-busy':
      'the client came 3.46 ms late to what was due (99th percentile): more than 1 ms and than 5 % of the median ICL of 25.00 ms',
  })
  const close = { ...untold, events: { deltasUs: [100_000, 500, 500] } }
  const slightly = { client: { ...calm, loopDelayMs: { p50: 0, p99: 1.2, max: 9 } } }
  expect(found([close], slightly)).toHaveProperty('client-busy')
  expect(found([close, lateBy(0)], slightly), 'with tokens said, they are what is measured').toEqual({})
})

test('an engine in the process of its client is not told apart from it', () => {
  const { client: _, ...embedded } = { ...ok, backend: { kind: 'llama.cpp' } as BackendConfig }
  const facts = new TrialFacts(chat)
  facts.add(completion({ scheduledUs: 0, sentUs: 90_000, cachedTokens: 50 }))
  expect(invalidities(facts, embedded)).toEqual([])
})

describe('prompts from a cache', () => {
  test('are told where more than a tenth of all prompt tokens came from it although each begins otherwise', () => {
    expect(found([cached(0), cached(41)])).toEqual({
      'cached-prompts':
        'the server took 41 of 400 prompt tokens from its cache (10 %), although each prompt begins otherwise',
    })
  })

  test('are no lie up to what a chat template and a system message may take', () => {
    expect(found([cached(0), cached(40)])).toEqual({})
  })

  test('are the treatment where prompts are not salted', () => {
    expect(found([cached(200)], { backend: { ...wire, salt: false } as BackendConfig })).toEqual({})
  })

  test('are what they have to be in a conversation, which begins with all that was said', () => {
    const talk = { kind: 'chat', prompts: [{ id: 'p1', text: 'a', followUps: ['b'] }] } as unknown as WorkloadConfig
    expect(found([cached(200)], {}, talk)).toEqual({})
  })
})

describe('two counts of the output', () => {
  test('that differ by more than a tenth in sum are told', () => {
    expect(found(times(10, () => counted(150, 100)))).toEqual({
      'token-count':
        'the server says 1,500 output tokens, the tokenizer counts 1,000; 10 of 10 answers differ by more than a tenth',
    })
  })

  test('that differ in a fifth of the answers are told although their sums agree', () => {
    const alike = times(7, () => counted(100, 100))
    expect(found([...alike, counted(150, 100), counted(50, 100)])).toHaveProperty('token-count')
    expect(found([...alike, ...alike, counted(150, 100), counted(50, 100)])).toEqual({})
  })

  test('may differ by a token or two', () => {
    expect(found([counted(101, 100), counted(3, 4), counted(90, 92)])).toEqual({})
  })
})

describe('a rate beyond what the memory can do', () => {
  // 32 layers of 4096 x 14336 in 16 bits: at least 2 * (4096 * 14336 + 4096 * 4096) weights of each are read.
  const model = {
    parameters: 8e9,
    tensorBytes: 16e9,
    shape: {
      layers: 32,
      width: 4096,
      feedForward: 14_336,
      heads: 32,
      kvPerToken: 65_536,
      matrixBytes: { f16: 14e9 },
    },
  }
  const backend = { kind: 'llama.cpp' } as BackendConfig
  const decoding = [completion({ sentUs: 1_000_000 })] // 40 tokens/s

  test('is told with all that it follows from', () => {
    expect(found(decoding, { backend, model, hardware: { memoryBytesPerSecond: 50e9 } })).toEqual({
      'beyond-bandwidth':
        '40.0 tokens/s of a request read 9.7 GB of weights each, 386.5 GB/s, from a memory of 50.0 GB/s',
    })
  })

  test('is none where the memory is fast enough, is not stated, or the weights fit into a cache', () => {
    const small = { ...model, shape: { ...model.shape, matrixBytes: { f16: 5e8 } } }
    expect(found(decoding, { backend, model, hardware: { memoryBytesPerSecond: 400e9 } })).toEqual({})
    expect(found(decoding, { backend, model })).toEqual({})
    expect(found(decoding, { backend, model: small, hardware: { memoryBytesPerSecond: 1e9 } })).toEqual({})
    expect(found(decoding, { hardware: { memoryBytesPerSecond: 1e9 } }), 'a server has it').toEqual({})
  })
})
