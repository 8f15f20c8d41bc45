import { expect, test } from 'vitest'
import { handicapOf } from '../../lib/worker/handicap.ts'

const given = (text?: string) => (text === undefined ? {} : { BENCHBOOK_TEST_HANDICAP: text })
const b = { name: 'b', kind: 'llama.cpp' } as const

test('a handicap is that of the backend which the environment names, and no other', () => {
  expect(handicapOf(b, given('b=0.05'))).toBe(0.05)
  expect(handicapOf(b, given('a=0.2,b=0.05'))).toBe(0.05)
  for (const none of [undefined, '', 'a=0.05', 'bb=0.05', 'b=0']) expect(handicapOf(b, given(none))).toBeUndefined()
})

test('only the embedded engine is held back, and so only that is said to be', () => {
  expect(handicapOf({ name: 'b', kind: 'vllm' }, given('b=0.05'))).toBeUndefined()
})

test.each(['b', 'b=', '=1', 'b=fast', 'b=-1', 'b=5%'])('another form is refused: %s', (text) => {
  expect(() => handicapOf(b, given(text))).toThrow(/^BENCHBOOK_TEST_HANDICAP: expected BACKEND=SHARE/)
})
