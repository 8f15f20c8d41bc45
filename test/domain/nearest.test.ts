import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../lib/domain/nearest.ts'

test.for([
  ['thread', 'threads'],
  ['htreads', 'threads'],
  ['Threads', 'threads'],
  ['nmae', 'name'],
  ['modle', 'model'],
] as const)('%s was meant to be %s', ([word, meant]) => {
  expect(nearest(word, ['name', 'model', 'threads', 'workload'])).toBe(meant)
})

test('a word near nothing has no hint, and neither has one of a short word that shares only its length', () => {
  expect(['temperature', 'abc', ''].map((word) => nearest(word, ['name', 'xyz', 'threads']))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('a word of which nothing would be left is near nothing', () => {
  expect([nearest('3', ['1', '2']), nearest('b', ['a', 'aa'])]).toEqual([undefined, undefined])
})

test('the nearest of several wins', () => {
  expect(didYouMean('q4_k_n', ['q4_0', 'q4_k_s', 'q4_k_m', 'q8_0'])).toBe(', did you mean "q4_k_s"?')
  expect(didYouMean('q4_k_m_', ['q4_0', 'q4_k', 'q4_k_m'])).toBe(', did you mean "q4_k_m"?')
})

test('a word of a million letters costs nothing', () => {
  expect(nearest('a'.repeat(1_000_000), ['a'.repeat(1_000_000)])).toBeUndefined()
})

test('the beginning of a name was meant to be the name, where it ends at a word', () => {
  const names = ['ttft_scheduled_ms', 'ttft_ms', 'ratePerSecond', 'threads']
  expect(['ttft', 'rate', 'thr', 'rat'].map((word) => nearest(word, names))).toEqual([
    'ttft_ms',
    'ratePerSecond',
    undefined,
    undefined,
  ])
})
