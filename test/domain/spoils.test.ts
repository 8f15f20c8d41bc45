import { expect, test } from 'vitest'
import type { TrialRow } from '../../lib/domain/plan-data.ts'
import type { InvalidReason } from '../../lib/domain/record.ts'
import { isValidFor, spoils } from '../../lib/domain/spoils.ts'
import { cellValue } from '../../lib/measure/cell-value.ts'

const trial = (value: number, reason?: InvalidReason): TrialRow => ({
  id: value,
  launchId: 1,
  cellId: 'c',
  block: 0,
  status: 'ok',
  invalid: reason === undefined ? [] : [{ reason, detail: '' }],
  metrics: { perplexity: { value }, kld: { value }, check_share: { value }, decode_tps: { value } },
})

test('a machine that was busy, hot or badly watched spoils speed, and not what a deterministic model answers', () => {
  for (const reason of ['contention', 'throttled', 'clock-gap', 'telemetry-missing', 'client-late'] as const) {
    expect(spoils(reason, 'decode_tps')).toBe(true)
    for (const metric of ['perplexity', 'kld', 'top_token_share', 'check_share'] as const)
      expect(spoils(reason, metric)).toBe(false)
  }
})

test('answers that may be lacking spoil quality too', () => {
  expect(isValidFor(trial(1, 'littles-law'), 'check_share')).toBe(false)
  expect(isValidFor(trial(1, 'littles-law'), 'decode_tps')).toBe(false)
})

test('a cell’s value leaves out what is spoiled, metric by metric', () => {
  const trials = [trial(4), trial(16, 'contention')]
  expect(cellValue(trials, 'decode_tps')).toEqual({ value: 4, n: 1 })
  expect(cellValue(trials, 'perplexity')?.value).toBeCloseTo(8, 12)
  expect(cellValue(trials, 'kld')).toEqual({ value: 10, n: 2 })
})
