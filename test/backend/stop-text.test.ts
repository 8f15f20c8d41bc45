import { expect, test } from 'vitest'
import { beforeStop, StopWatch, wholeCharacters } from '../../lib/backend/stop-text.ts'

/** Tokens that are bytes in hex, some of them half a character. */
const written = (tokens: readonly string[]) => Buffer.from(tokens.join(''), 'hex').toString('utf8')
const hex = (text: string) => Buffer.from(text).toString('hex')
/** The number of tokens after which a watch says that the output holds a stop. */
function foundAfter(tokens: readonly string[], stops: readonly string[]): number | undefined {
  const watch = new StopWatch<string>(stops, (some) => written(some))
  const at = tokens.findIndex((token) => watch.add(token))
  return at < 0 ? undefined : at + 1
}
const bytes = (text: string) => [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0'))

test('a stop is found wherever tokens meet', () => {
  const text = 'one two\nUser: three'
  for (let size = 1; size <= text.length; size += 1) {
    const tokens = text.match(new RegExp(`[^]{1,${size}}`, 'g'))?.map(hex) ?? []
    expect([size, foundAfter(tokens, ['\nUser:', 'never'])]).toEqual([size, Math.ceil(13 / size)])
  }
  expect(foundAfter(bytes('one two'), ['three'])).toBeUndefined()
})

test('a stop whose characters are cut in two is found with its last byte', () => {
  expect(foundAfter(bytes('a☃é☃'), ['é☃'])).toBe(1 + 3 + 2 + 3)
})

test('bytes that never make a character hide nothing that follows', () => {
  expect(foundAfter([...Array.from({ length: 7 }, () => 'ff'), ...bytes('end')], ['end'])).toBe(10)
})

test('a token counts that writes something of what stands before the stop', () => {
  const tokens = ['one', ' two.', ' Us', 'er', ': x'].map(hex)
  expect(beforeStop(tokens, [' User:'], written)).toEqual({ text: 'one two.', count: 2 })
  expect(beforeStop(tokens, ['. User'], written)).toEqual({ text: 'one two', count: 2 })
  expect(beforeStop(tokens, ['ser', '. '], written)).toEqual({ text: 'one two', count: 2 })
  expect(beforeStop(tokens, ['one'], written)).toEqual({ text: '', count: 0 })
  expect(beforeStop(tokens, ['never'], written)).toEqual({ text: 'one two. User: x', count: 5 })
})

test('half a character at the end of an output is not shown', () => {
  expect(wholeCharacters(written(bytes('ab☃').slice(0, -1)))).toBe('ab')
  expect(wholeCharacters(written(bytes('ab☃')))).toBe('ab☃')
})
