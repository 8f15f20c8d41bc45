import { describe, expect, test } from 'vitest'
import { mostEvents } from '../../lib/backend/answer-events.ts'
import { ChunkReader } from '../../lib/backend/openai-chunks.ts'
import { mostKeptCharacters } from '../../lib/backend/text-buffer.ts'

type Delta = Record<string, unknown>
const chunk = (choice: Delta, more: Delta = {}) =>
  JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, finish_reason: null, ...choice }], ...more })
const delta = (fields: Delta, more: Delta = {}) => chunk({ delta: fields }, more)
const usage = (completion_tokens: number, more: Delta = {}) => ({
  usage: { prompt_tokens: 7, completion_tokens, ...more },
})
const finish = (finish_reason: string) => chunk({ delta: {}, finish_reason })

/** Reads each text 10 ms after the one before, each in a read of its own unless it is said. */
function read(data: readonly string[], reads: readonly number[] = data.map((_, i) => i)) {
  const seen: number[] = []
  const reader = new ChunkReader(16, (at) => seen.push(at))
  for (const [i, text] of data.entries()) reader.take(text, 1e15 + (i + 1) * 10e6, reads[i] as number)
  return { ...reader.result(1e15), seen }
}

describe('the chunks of a stream', () => {
  test('content events are those that carry text; a role, an empty text, usage and [DONE] are none', () => {
    const stream = [
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Hel' }),
      delta({ content: 'lo' }),
      finish('stop'),
      JSON.stringify({ choices: [], ...usage(2, { prompt_tokens_details: { cached_tokens: 3 } }) }),
      '[DONE]',
    ]
    expect(read(stream)).toEqual({
      events: { deltasUs: [20_000, 10_000] },
      output: 'Hello',
      answer: 'Hello',
      finish: 'stop',
      usage: { promptTokens: 7, outputTokens: 2, cachedTokens: 3 },
      endedAt: 1e15 + 60e6,
      isWhole: true,
      firstChunkUs: 10_000,
      emptyChunksUs: [10_000, 40_000],
      seen: [1e15 + 20e6, 1e15 + 30e6],
    })
  })

  test('a chunk that has a choice and nothing in it is known by its time; one of usage alone is none', () => {
    const came = read([delta({ role: 'assistant' }), delta({ content: '' }), delta({ content: 'a' }), finish('stop')])
    expect(came.emptyChunksUs).toEqual([10_000, 20_000, 40_000])
    const without = read([chunk({ text: 'a', finish_reason: 'stop' }), JSON.stringify({ choices: [], ...usage(1) })])
    expect(without).not.toHaveProperty('emptyChunksUs')
  })

  test('chunks without content have an end as well', () => {
    const empty = delta({ content: '' })
    const endless = Array.from({ length: mostEvents(16) + 1 }, () => empty)
    expect(() => read(endless)).toThrow(`more than ${mostEvents(16)} chunks without content: the answer has no end`)
  })

  test('a stream is whole where something came that only comes last', () => {
    const text = delta({ content: 'a' })
    const whole = [[finish('stop')], ['[DONE]'], [JSON.stringify({ choices: [], ...usage(1) })], []]
    expect(whole.map((last) => read([text, ...last]).isWhole)).toEqual([true, true, true, false])
    expect(read([delta({ content: 'a' }, usage(1))]).isWhole).toBe(false)
  })

  test('[DONE] is the end with unseen space behind it too', () => {
    const came = read([delta({ content: 'a' }), '[DONE] ', delta({ content: 'b' })])
    expect(came).toMatchObject({ output: 'a', endedAt: 1e15 + 20e6, isWhole: true })
    expect(came).not.toHaveProperty('problem')
  })

  test('text completions are read alike', () => {
    const stream = [chunk({ text: 'a' }), chunk({ text: 'b', finish_reason: 'length' }), '[DONE]']
    expect(read(stream)).toMatchObject({ output: 'ab', finish: 'length', events: { deltasUs: [10_000, 10_000] } })
  })

  test('tokens are those that the server counts on, where it says so with each chunk', () => {
    const stream = [
      delta({ role: 'assistant' }, usage(0)),
      delta({ content: 'a' }, usage(1)),
      delta({ content: 'bc' }, usage(4)),
    ]
    expect(read([...stream, finish('length')]).events).toEqual({ deltasUs: [20_000, 10_000], tokens: [1, 3] })
    const ones = [delta({ content: 'a' }, usage(1)), delta({ content: 'bc' }, usage(2))]
    expect(read(ones).events).toEqual({ deltasUs: [10_000, 10_000] })
  })

  test('characters are kept where neither each chunk is a token nor tokens are counted with each', () => {
    const texts = [delta({ content: 'a' }), delta({ content: 'bcd' })]
    expect(read(texts).events).toEqual({ deltasUs: [10_000, 10_000], characters: [1, 3] })
    expect(read([...texts, JSON.stringify({ choices: [], ...usage(3) })]).events).toMatchObject({ characters: [1, 3] })
    const falling = [delta({ content: 'a' }, usage(5)), delta({ content: 'bcd' }, usage(1))]
    expect(read(falling).events).toMatchObject({ characters: [1, 3] })
  })

  test('reasoning and calls of tools are content of their own channels; the answer is the text alone', () => {
    const call = { index: 0, id: 'x', function: { name: 'weather', arguments: '' } }
    const stream = [
      delta({ reasoning_content: 'hm' }),
      delta({ reasoning: 'ah' }),
      delta({ content: 'It is ' }),
      delta({ tool_calls: [call] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
      delta({ tool_calls: [{ index: 0, id: 'y', function: { arguments: '' } }] }),
      delta({ content: 'sunny' }),
    ]
    expect(read(stream)).toMatchObject({
      output: 'hmahIt is weather{}sunny',
      answer: 'It is sunny',
      events: { channels: ['reasoning', 'reasoning', 'text', 'tool', 'tool', 'text'] },
    })
  })

  test('only the choice of index 0 counts', () => {
    const other = JSON.stringify({ choices: [{ index: 1, delta: { content: 'x' } }] })
    const both = JSON.stringify({
      choices: [
        { index: 1, delta: { content: 'x' } },
        { index: 0, delta: { content: 'y' } },
      ],
    })
    expect(read([other, both])).toMatchObject({ output: 'y', events: { deltasUs: [20_000] } })
  })

  test('reads are kept where two events came in one', () => {
    const three = ['a', 'b', 'c'].map((content) => delta({ content }))
    expect(read(three, [4, 5, 5]).events?.reads).toEqual([4, 5, 5])
    expect(read(three, [4, 5, 7]).events).not.toHaveProperty('reads')
  })

  test("a llama-server's timings are its own counters, and count tokens where usage is not sent", () => {
    const timings = { prompt_n: 5, prompt_ms: 12.5, predicted_n: 2, predicted_ms: 8, cache_n: 4 }
    expect(read([delta({ content: 'a' }), delta({ content: 'b' }, { timings })])).toMatchObject({
      usage: { outputTokens: 2, cachedTokens: 4 },
      engine: { promptTokens: 5, promptMs: 12.5, decodeTokens: 2, decodeMs: 8 },
    })
  })

  test.each([
    ['{"error":{"message":"out of\\nmemory","code":500}}', 'the server said: out of memory'],
    ['{"error":"slow \\u001b[31mdown"}', 'the server said: slow \\u{1b}[31mdown'],
    ['{"object":"error","message":"too long","code":400}', 'the server said: too long'],
    ['{"error":{"code":7}}', 'the server said: {"code":7}'],
  ])('an error after 200 is told: %s', (error, detail) => {
    const came = read([delta({ content: 'a' }), error])
    expect(came).toMatchObject({ output: 'a', problem: { reason: 'error-in-stream', detail } })
  })

  test.each(['{"choices":[{"delta":{"cont', '7', '[]', 'null', '<html>'])(
    'what is no chunk is malformed: %s',
    (text) => {
      const detail = `a chunk that is no JSON object: ${text}`
      expect(read([delta({ content: 'a' }), text])).toMatchObject({
        output: 'a',
        problem: { reason: 'malformed-response', detail },
      })
    },
  )

  test.each([
    '{"choices":null}',
    '{"choices":[null]}',
    '{"choices":[{"index":0,"delta":null}]}',
    '{"choices":[{"delta":{"content":5,"tool_calls":[null,{"function":7}]}}]}',
    '{"choices":[{"text":["x"]}],"usage":{"completion_tokens":-1,"prompt_tokens":1e300,"prompt_tokens_details":7}}',
    '{"usage":[],"timings":"x"}',
  ])('fields of another kind than they should be are as if they were not there: %s', (text) => {
    const { emptyChunksUs: _, ...came } = read([text])
    expect(came).toEqual({
      output: '',
      answer: '',
      usage: {},
      isWhole: false,
      firstChunkUs: 10_000,
      seen: [],
    })
  })

  test('a character that was split between two chunks is whole again; half of one is replaced', () => {
    const split = [
      '{"choices":[{"text":"\\ud83d"}]}',
      '{"choices":[{"text":"\\ude00"}]}',
      '{"choices":[{"text":"\\ud83d"}]}',
    ]
    expect(read(split).output).toBe('😀\ufffd')
  })

  test('of an output without an end the beginning is kept, and every event', () => {
    const piece = 'x'.repeat(mostKeptCharacters / 2)
    const { output, events } = read(Array.from({ length: 3 }, () => delta({ content: piece })))
    expect(output.length).toBe(mostKeptCharacters)
    expect(events?.characters).toEqual([piece.length, piece.length, piece.length])
  })
})
