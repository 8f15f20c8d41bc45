import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { BaseWindowReader, BaseWindowWriter } from '../../lib/backend/base-window.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-base-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Row = readonly number[]
/** As an engine tells them: the likeliest first. */
const told = (row: Row) => new Map([...row.entries()].toSorted((a, b) => b[1] - a[1]))

function scored(
  base: readonly Row[],
  own: readonly Row[],
  targets: readonly number[],
  order = base.map((_, at) => at),
) {
  const window = { tokens: [3, 1, 2], vocabulary: base[0]?.length ?? 0 }
  {
    using writer = new BaseWindowWriter(folder, 'window-1', window)
    for (const at of order) writer.set(at, told(base[at] as Row))
  }
  using reader = new BaseWindowReader(folder, 'window-1', window)
  for (const at of order.toReversed()) reader.set(at, told(own[at] as Row), targets[at] as number)
  return reader.scores
}

test('the divergence is the sum of p_base (ln p_base - ln p), and the likeliest tokens are compared', () => {
  const base = [
    [0.5, 0.25, 0.25],
    [0.1, 0.2, 0.7],
  ]
  const own = [
    [0.25, 0.5, 0.25],
    [0.1, 0.3, 0.6],
  ]
  const { nll, kld, sameTop } = scored(base, own, [0, 1])
  expect(nll).toEqual([expect.closeTo(Math.log(2), 6), expect.closeTo(-Math.log(0.2), 6)])
  expect(kld[0]).toBeCloseTo(0.5 * Math.log(2) + 0.25 * Math.log(0.5), 6)
  expect(kld[1]).toBeCloseTo(0.2 * Math.log(0.2 / 0.3) + 0.7 * Math.log(0.7 / 0.6), 6)
  expect(sameTop).toEqual([0, 1])
})

test('a model is no distance from itself, in whatever order its tokens come', () => {
  const random = randomSequence(3)
  const rows = Array.from({ length: 5 }, () => {
    const weights = Array.from({ length: 50 }, () => Math.exp(12 * random()))
    const sum = weights.reduce((a, b) => a + b, 0)
    return weights.map((weight) => weight / sum)
  })
  const { kld, sameTop } = scored(rows, rows, [0, 1, 2, 3, 4], [4, 0, 3, 1, 2])
  expect(kld).toEqual([0, 0, 0, 0, 0])
  expect(sameTop).toEqual([1, 1, 1, 1, 1])
})

test('terms whose base is e^-16 or less are left out', () => {
  const rare = Math.exp(-16.5)
  const [base, own] = [
    [1 - rare, rare],
    [1 - rare, 1e-30],
  ]
  expect(scored([base], [own], [0]).kld).toEqual([0])
  const [seen, lost] = [Math.exp(-15.5), 1e-30]
  const { kld } = scored([[1 - seen, seen]], [[1 - seen, lost]], [0])
  expect(kld[0]).toBeCloseTo(seen * Math.log(seen / lost), 8)
})

test('what a model holds for impossible is far off, and not infinitely so', () => {
  const { kld } = scored([[0.5, 0.5]], [[1, 0]], [0])
  expect(kld[0]).toBeCloseTo(0.5 * (Math.log(0.5) + 103.28) + 0.5 * Math.log(0.5), 1)
})

test('a base with other tokens, or another vocabulary, is refused', () => {
  const window = { tokens: [1, 2, 3], vocabulary: 4 }
  new BaseWindowWriter(folder, 'window-2', window)[Symbol.dispose]()
  const open = (change: Partial<typeof window>) => () =>
    new BaseWindowReader(folder, 'window-2', { ...window, ...change })
  expect(open({ tokens: [1, 2, 4] })).toThrow('the base cuts the text into other tokens')
  expect(open({ tokens: [1, 2] })).toThrow('name a base of the same tokenizer in workload.base')
  expect(open({ vocabulary: 5 })).toThrow('the base cuts the text into other tokens')
  open({})()[Symbol.dispose]()
})
