import { expect, test } from 'vitest'
import { doubtsText } from '../../lib/cli/doubts.ts'
import type { TrialRow } from '../../lib/domain/plan-data.ts'

const trial = (...reasons: string[]) =>
  ({ status: 'ok', invalid: reasons.map((reason) => ({ reason, detail: '' })) }) as unknown as TrialRow

test('says how many trials are not to be used, and where to read why', () => {
  expect(doubtsText([trial(), trial('contention', 'clock-gap'), trial('contention')])).toBe(
    '2 of 3 trials are not to be used (clock-gap, contention)\n  benchbook explain clock-gap says what that means\n',
  )
  expect(doubtsText([trial('throttled')])).toBe(
    '1 of 1 trials is not to be used (throttled)\n  benchbook explain throttled says what that means\n',
  )
})

test('says nothing where all are', () => {
  expect(doubtsText([trial(), { ...trial('contention'), status: 'failed' }])).toBe('')
})
