import { expect, test } from 'vitest'
import type { Expected } from '../../lib/domain/cell.ts'
import { isAsExpected } from '../../lib/measure/check-answer.ts'
import { deriveRequest } from '../../lib/measure/derive-request.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { completion, failed } from './requests.ts'

const holds: [string, Expected, boolean][] = [
  ['Paris', { exact: 'Paris' }, true],
  [' Paris \n', { exact: 'Paris' }, true],
  ['Paris.', { exact: 'Paris' }, false],
  ['paris', { exact: 'Paris' }, false],
  ['paris', { exact: 'Paris', ignoreCase: true }, true],
  ['The Seine runs through Paris', { contains: ['Seine', 'Paris'] }, true],
  ['It runs through Paris', { contains: ['Seine', 'Paris'] }, false],
  ['about 4', { anyOf: ['four', '4'] }, true],
  ['about five', { anyOf: ['four', '4'] }, false],
  ['as an AI', { excludes: ['as an AI'] }, false],
  ['as a river', { excludes: ['as an AI'] }, true],
  ['Paris, as an AI', { contains: ['Paris'], excludes: ['AI'] }, false],
  // Composed and decomposed: the same letters.
  ['\u1112\u1161\u11ab\u1100\u1173\u11af', { contains: ['\ud55c\uae00'] }, true],
  ['caf\u00e9', { exact: 'cafe\u0301' }, true],
  // Texts are no patterns.
  ['aXb', { contains: ['a.b'] }, false],
  ['', { exact: 'x' }, false],
]

for (const [answer, expected, passes] of holds)
  test(`${JSON.stringify(answer)} ${passes ? 'passes' : 'fails'} ${JSON.stringify(expected)}`, () => {
    expect(isAsExpected(answer, expected)).toBe(passes)
  })

test('a pattern that would take a server years is a text like any other', () => {
  const pattern = '(a+)+$'
  expect(isAsExpected(`${'a'.repeat(100_000)}!`, { contains: [pattern] })).toBe(false)
  expect(isAsExpected(`it is ${pattern}`, { contains: [pattern] })).toBe(true)
})

const expected = new Map<string, Expected>([
  ['p1', { contains: ['blue'] }],
  ['p2', { exact: '4' }],
])
const answer = (promptId: string, output: string) => completion({ promptId, output })

test('a request has 1 or 0 where its prompt expects something, and else nothing', () => {
  expect(deriveRequest(answer('p1', 'so blue'), expected)).toMatchObject({ check_share: 1 })
  expect(deriveRequest(answer('p1', 'so red'), expected)).toMatchObject({ check_share: 0 })
  expect(deriveRequest(answer('p3', 'so red'), expected)).not.toHaveProperty('check_share')
  expect(deriveRequest(answer('p1', 'so blue'))).not.toHaveProperty('check_share')
  expect(deriveRequest(completion({ promptId: 'p1' }), expected)).not.toHaveProperty('check_share')
  expect(deriveRequest(completion({ promptId: 'p1', output: 'blue', outcome: failed }), expected)).toEqual({})
})

test('a trial has the mean over prompts of the share that passed of each, however often each was asked', () => {
  const requests = [
    answer('p1', 'blue'),
    answer('p1', 'red'),
    answer('p1', 'red'),
    answer('p1', 'red'),
    answer('p2', '4'),
  ]
  const trial = deriveTrial({ requests, memory: [], expected })
  expect(trial.check_share).toEqual({ value: (0.25 + 1) / 2, n: 5 })
  const none = deriveTrial({ requests: [answer('p1', 'red')], memory: [], expected })
  expect(none.check_share).toEqual({ value: 0, n: 1 })
})
