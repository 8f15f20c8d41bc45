import { expect, test } from 'vitest'
import { doubtsText } from '../../lib/cli/doubts.ts'
import type { TrialRow } from '../../lib/domain/plan-data.ts'

const trial = (...reasons: string[]) =>
  ({
    status: 'ok',
    metrics: { decode_tps: { value: 9 } },
    invalid: reasons.map((reason) => ({ reason, detail: '' })),
  }) as unknown as TrialRow

test('says how many trials are not to be used, and where to read why', () => {
  expect(doubtsText([trial(), trial('contention', 'clock-gap'), trial('contention')])).toBe(
    '2 of 3 trials are not to be used (clock-gap, contention)\n  benchbook explain clock-gap says what that means\n',
  )
  expect(doubtsText([trial('throttled')])).toBe(
    '1 of 1 trials is not to be used (throttled)\n  benchbook explain throttled says what that means\n',
  )
})

const first = (trials: TrialRow[]) => doubtsText(trials).split('\n')[0]

test('what a trial says of quality counts all the same, unless its answers are in doubt', () => {
  const scored = (reason: string) =>
    ({ ...trial(reason), metrics: { perplexity: { value: 9 } } }) as unknown as TrialRow
  expect(first([scored('contention')])).toBe(
    '1 of 1 trials is not to be used (contention); quality in it counts all the same',
  )
  expect(first([scored('contention'), scored('throttled')])).toMatch(/; quality in them counts all the same$/)
  expect(first([scored('contention'), trial('throttled')])).toMatch(/; quality in 1 of them counts all the same$/)
  expect(first([scored('littles-law')])).toBe('1 of 1 trials is not to be used (littles-law)')
})

test('says nothing where all are', () => {
  expect(doubtsText([trial(), { ...trial('contention'), status: 'failed' }])).toBe('')
})
