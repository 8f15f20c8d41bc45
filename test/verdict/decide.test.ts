import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { BlockLoss, Estimate, Verdict, VerdictRow } from '../../lib/domain/verdict.ts'
import { type Case, decide } from '../../lib/verdict/decide.ts'

/** Ratios at 95 % and at 90 %. */
const estimate = (wide: readonly [number, number], narrow: readonly [number, number]): Estimate => ({
  scale: 'ratio',
  change: Math.sqrt(wide[0] * wide[1]),
  interval: { low: wide[0], high: wide[1], confidence: 0.95 },
  equivalence: { low: narrow[0], high: narrow[1], confidence: 0.9 },
  of: 'blocks',
  n: 10,
  pairing: 'paired',
})
const wideOpen = estimate([0.9, 1.1], [0.92, 1.08])

const fine: Case = {
  apart: false,
  differences: [],
  blocks: 10,
  losses: [],
  lost: 0,
  waiting: 0,
  valid: 10,
  leastBlocks: 6,
  margin: 0.02,
}
const row = (given: Partial<Case>): VerdictRow => decide({ ...fine, estimate: wideOpen, ...given }).row
const losses: BlockLoss[] = [0, 1, 2].map((block) => ({
  block,
  arm: 'against',
  why: { status: 'invalid', reason: 'throttled' },
}))
const differences = [{ field: 'engine.build', base: 'b1', against: 'b2' }]

test('each row of the decision table is reached, from the first to the last', () => {
  const rows: readonly [VerdictRow, Partial<Case>][] = [
    ['measured-apart', { apart: true }],
    ['not-comparable', { differences }],
    ['invalid', { losses, lost: 3, valid: 7 }],
    ['unfinished', { waiting: 1, valid: 9 }],
    ['error-rates', { errors: { base: 0, against: 0.12 } }],
    ['lengths-differ', { lengths: 0.82 }],
    ['too-few-blocks', { valid: 5 }],
    ['beyond-margin', { estimate: estimate([1.051, 1.098], [1.055, 1.094]) }],
    ['unresolved', { estimate: estimate([0.99, 1.012], [0.992, 1.011]) }],
    ['within-margin-but-different', { estimate: estimate([1.003, 1.011], [1.004, 1.01]), floor: 0.01 }],
    ['equivalent', { estimate: estimate([0.99, 1.012], [0.992, 1.011]), floor: 0.01 }],
    ['different', { estimate: estimate([1.004, 1.041], [1.007, 1.038]), floor: 0.01 }],
    ['inconclusive', { estimate: estimate([0.99, 1.062], [0.995, 1.055]), floor: 0.01 }],
  ]
  for (const [wanted, given] of rows) expect([wanted, row(given)]).toEqual([wanted, wanted])
})

test('the first row that fits is the verdict: what is withheld is withheld before anything is weighed', () => {
  const everything: Partial<Case>[] = [
    { apart: true },
    { differences },
    { losses, lost: 3 },
    { waiting: 2 },
    { errors: { base: 0, against: 0.5 } },
    { lengths: 2 },
    { valid: 1 },
  ]
  const order = [
    'measured-apart',
    'not-comparable',
    'invalid',
    'unfinished',
    'error-rates',
    'lengths-differ',
    'too-few-blocks',
  ]
  for (const [at, wanted] of order.entries()) expect(row(Object.assign({}, ...everything.slice(at)))).toBe(wanted)
})

test('what lies on an edge is not beyond it: a fifth of the blocks, 1 point of errors, 10 % of length, 6 blocks', () => {
  expect(row({ losses, lost: 2, valid: 8 })).toBe('inconclusive')
  expect(row({ errors: { base: 0.02, against: 0.01 } })).toBe('inconclusive')
  expect(row({ errors: { base: 0.0201, against: 0.01 } })).toBe('error-rates')
  expect(row({ lengths: 1.1 })).toBe('inconclusive')
  expect(row({ lengths: 0.9 })).toBe('inconclusive')
  expect(row({ lengths: 1.101 })).toBe('lengths-differ')
  expect(row({ valid: 6 })).toBe('inconclusive')
})

test('a margin of 2 % is ± ln 1.02, so that B against A says of slower what A against B says of faster', () => {
  const up = { estimate: estimate([1.0201, 1.05], [1.021, 1.049]) }
  const down = { estimate: estimate([1 / 1.05, 1 / 1.0201], [1 / 1.049, 1 / 1.021]) }
  expect([row(up), row(down)]).toEqual(['beyond-margin', 'beyond-margin'])
  const less = { estimate: estimate([1 / 1.05, 0.9804], [1 / 1.049, 0.98]) } // 0.9804 > 1 / 1.02 = 0.98039
  expect(row(less)).toBe('different')
})

test('a noise floor above the margin takes its place beyond, and forbids equivalence within', () => {
  const faster = estimate([1.025, 1.06], [1.027, 1.055])
  expect(row({ estimate: faster, floor: 0.01 })).toBe('beyond-margin')
  expect(row({ estimate: faster, floor: 0.031 })).toBe('different')
  const alike = estimate([0.99, 1.012], [0.992, 1.011])
  expect(decide({ ...fine, estimate: alike, floor: 0.031 })).toEqual({ row: 'unresolved', floor: 0.031 })
  expect(decide({ ...fine, estimate: alike })).toEqual({ row: 'unresolved' })
})

const differenceOf = (wide: readonly [number, number]): Estimate => ({ ...estimate(wide, wide), scale: 'difference' })

test('where a metric can be 0, margins are differences in its unit', () => {
  expect(row({ estimate: differenceOf([0.03, 0.05]), margin: 0.02 })).toBe('beyond-margin')
  expect(row({ estimate: differenceOf([-0.05, -0.03]), margin: 0.02 })).toBe('beyond-margin')
  expect(row({ estimate: differenceOf([-0.01, 0.01]), margin: 0.02, floor: 0 })).toBe('equivalent')
  expect(row({ estimate: differenceOf([0, 0]), margin: 0.02, floor: 0 })).toBe('equivalent')
})

/** The table as it is written, each row by itself, for an estimate of ratios. */
function fitting(facts: Case): VerdictRow[] {
  const { interval, equivalence } = facts.estimate as Estimate
  const [low, high] = [Math.log(interval.low), Math.log(interval.high)]
  const most = Math.log(1 + Math.max(facts.margin, facts.floor ?? 0))
  const inside =
    Math.log(equivalence.low) > -Math.log(1 + facts.margin) && Math.log(equivalence.high) < Math.log(1 + facts.margin)
  const excludes = low > 0 || high < 0
  const rows: [boolean, VerdictRow][] = [
    [facts.apart, 'measured-apart'],
    [facts.differences.length > 0, 'not-comparable'],
    [facts.lost > facts.blocks / 5, 'invalid'],
    [facts.waiting > 0, 'unfinished'],
    [facts.errors !== undefined && Math.abs(facts.errors.base - facts.errors.against) > 0.01, 'error-rates'],
    [facts.lengths !== undefined && Math.abs(facts.lengths - 1) > 0.1, 'lengths-differ'],
    [facts.valid < 6, 'too-few-blocks'],
    [low > most || high < -most, 'beyond-margin'],
    [inside && (facts.floor === undefined || facts.floor > facts.margin), 'unresolved'],
    [inside && excludes, 'within-margin-but-different'],
    [inside, 'equivalent'],
    [excludes, 'different'],
    [true, 'inconclusive'],
  ]
  return rows.flatMap(([fits, name]) => (fits ? [name] : []))
}

test('no data set is without a row, and its row is the first of the table that fits: 20,000 random ones', () => {
  const random = randomSequence(11)
  const rarely = <T>(value: T, share = 0.08): T | undefined => (random() < share ? value : undefined)
  const seen = new Map<VerdictRow, number>()
  for (let i = 0; i < 20_000; i += 1) {
    const centre = 0.06 * (random() - 0.5)
    const half = 0.05 * random() ** 2
    const [wide, narrow] = [half, half * 0.8].map((each) => [Math.exp(centre - each), Math.exp(centre + each)] as const)
    const lost = rarely(Math.floor(11 * random())) ?? 0
    const facts: Case = {
      ...fine,
      apart: rarely(true) ?? false,
      differences: rarely(differences) ?? [],
      lost,
      losses: losses.slice(0, lost),
      waiting: rarely(3) ?? 0,
      valid: rarely(Math.floor(6 * random())) ?? 10 - lost,
      ...(random() < 0.5 && { errors: { base: 0.02 * random(), against: 0.02 * random() } }),
      ...(random() < 0.3 && { lengths: 0.85 + 0.3 * random() }),
      ...(random() < 0.7 && { floor: 0.03 * random() }),
      margin: 0.005 + 0.03 * random(),
      estimate: estimate(wide as [number, number], narrow as [number, number]),
    }
    const verdict: Verdict = decide(facts)
    expect(verdict.row).toBe(fitting(facts)[0])
    seen.set(verdict.row, (seen.get(verdict.row) ?? 0) + 1)
  }
  expect(seen.size).toBe(13)
})

test('an estimate that is not a number is no claim', () => {
  for (const bad of [Number.NaN, Infinity, 0])
    expect(row({ estimate: estimate([bad, bad], [bad, bad]) })).toBe('inconclusive')
  expect(decide({ ...fine, valid: 10 })).toEqual({ row: 'inconclusive' })
})
