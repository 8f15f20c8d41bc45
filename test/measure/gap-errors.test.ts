import { expect, test } from 'vitest'
import type { EmulatedRequest } from '../../lib/domain/emulation.ts'
import { gapErrorsMs } from '../../lib/measure/gap-errors.ts'
import { completion } from './requests.ts'

const written = (text: string, atMs: readonly number[], tokens = atMs.map(() => 1)) =>
  ({ text, writes: { atNs: atMs.map((ms) => ms * 1e6), tokens } }) as unknown as EmulatedRequest
const seen = (output: string, deltasMs: readonly number[]) =>
  completion({ output, events: { deltasUs: deltasMs.map((ms) => ms * 1000) } })

test('each gap is held against that between the writes of the same text', () => {
  const errors = gapErrorsMs(
    [seen('a b c', [25, 10.5, 9]), seen('d e f', [20, 10, 10])],
    [written('d e f', [20, 30, 40]), written('a b c', [20, 30, 40])],
  )
  expect(errors).toEqual([0.5, 1, 0, 0])
})

test('a write without tokens, such as the usage, is no event', () => {
  expect(gapErrorsMs([seen('a b', [21, 12])], [written('a b', [0, 20, 30, 30], [0, 1, 1, 0])])).toEqual([2])
})

test('what is not known, or came in other pieces, says nothing', () => {
  expect(gapErrorsMs([seen('a b', [21, 12])], [written('x', [0, 20])])).toEqual([])
  expect(gapErrorsMs([seen('a b', [21])], [written('a b', [0, 20])])).toEqual([])
})
