import { expect, test } from 'vitest'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { usualTokens } from '../../lib/measure/usual-tokens.ts'
import { completion, without } from './requests.ts'

const load = { kind: 'closed', clients: 1, durationMs: 1000 } as const
const cutOff = { status: 'failed', reason: 'cut-off', detail: 'the time was over' } as const
const events = { deltasUs: [100_000, 20_000], characters: [4, 2] }

test('an answer whose tokens were never said has one in each event, where all the others do', () => {
  const said = completion({ outputTokens: 2, events })
  expect(usualTokens([said])({ deltasUs: [1, 1, 1], characters: [4, 4, 9] })).toEqual([1, 1, 1])
  expect(usualTokens([completion()])({ deltasUs: [1, 1], characters: [4, 9] })).toEqual([1, 1])
})

test('else it has as many per character as the others', () => {
  const said = completion({ outputTokens: 3, events })
  expect(usualTokens([said])({ deltasUs: [1, 1], characters: [4, 8] })).toEqual([2, 4])
})

test('where no other answer says its tokens they are not known', () => {
  expect(usualTokens([without(completion({ events }), 'outputTokens')])(events)).toBe(undefined)
})

test('a request that a server had no time to count does not take the rate of the trial away', () => {
  const said = completion({ scheduledUs: 0, sentUs: 0, doneUs: 500_000, outputTokens: 2, events })
  const unsaid = without(
    completion({ scheduledUs: 500_000, sentUs: 500_000, doneUs: 500_000, outcome: cutOff, events }),
    'outputTokens',
  )
  expect(deriveTrial({ requests: [said, unsaid], memory: [], load }).output_tps?.value).toBe(4)
})
