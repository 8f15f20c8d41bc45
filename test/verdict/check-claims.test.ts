import { expect, test } from 'vitest'
import type { CheckedClaim } from '../../lib/domain/published.ts'
import { checkClaims } from '../../lib/verdict/check-claims.ts'
import { aColumn, aFigure, aPost, aTest, someHardware } from './a-post.ts'

const claimsOf = (post: Parameters<typeof checkClaims>[0]) => checkClaims(post, someHardware)
const outcomes = (claims: readonly CheckedClaim[]) => Object.fromEntries(claims.map(({ of, outcome }) => [of, outcome]))

const speeds = [aColumn('name'), aColumn('tokens'), aColumn('seconds'), aColumn('rate', 'tokens / seconds')]

test('a derived cell is reproduced where what follows from its row rounds to it', () => {
  const claims = claimsOf(aPost({ columns: speeds, rows: [['a', '100', '8', '12.5']] }))
  expect(claims).toEqual([
    {
      of: 'runs/a/rate',
      kind: 'cell',
      formula: 'tokens / seconds',
      printed: '12.5',
      lines: [11],
      outcome: { status: 'reproduced', recomputed: '12.5' },
    },
  ])
})

test('a half may have been rounded either way', () => {
  const rows = ['12', '13', '12.50', '14'].map((rate) => [rate, '100', '8', rate])
  expect(claimsOf(aPost({ columns: speeds, rows })).map(({ outcome }) => outcome.status)).toEqual([
    'reproduced',
    'reproduced',
    'reproduced',
    'differs',
  ])
})

test('a cell that differs says by how much, and whether the rounding of its inputs explains it', () => {
  const rows = [
    ['rounded', '100', '8.0', '12.45'], // 99.5 / 8.05 = 12.36 at the least
    ['wrong', '100', '8.0', '11.00'],
  ]
  expect(outcomes(claimsOf(aPost({ columns: speeds, rows })))).toEqual({
    'runs/rounded/rate': {
      status: 'differs',
      recomputed: '12.50',
      by: expect.closeTo(-0.004),
      withinRounding: true,
    },
    'runs/wrong/rate': { status: 'differs', recomputed: '12.50', by: expect.closeTo(-0.12), withinRounding: false },
  })
})

test('an empty derived cell claims nothing; an empty input, a text and a divisor of 0 cannot be tested', () => {
  const rows = [
    ['nothing', '100', '8', ''],
    ['no-time', '100', '', '1.0'],
    ['text', 'many', '8', '1.0'],
    ['zero', '100', '0', '1.0'],
    ['printed-text', '100', '8', 'fast'],
  ]
  const claims = claimsOf(aPost({ columns: speeds, rows }))
  const whys = claims.map(({ of, outcome }) => [of, outcome.status === 'untestable' ? outcome.why.en : outcome.status])
  expect(whys).toEqual([
    ['runs/no-time/rate', 'The post has nothing at runs/no-time/seconds.'],
    ['runs/text/rate', '"many" is no number.'],
    ['runs/zero/rate', 'The formula divides by what may be 0.'],
    ['runs/printed-text/rate', 'What is printed, "fast", is no number.'],
  ])
})

const table = {
  columns: [aColumn('name'), aColumn('tps'), aColumn('gpu')],
  rows: [
    ['a', '10.0', 'rtx-3060'],
    ['b', '20.04', 'pi-5'],
    ['c', '', 'none'],
  ],
}

function figure(formula: string, printed: string) {
  return claimsOf(aPost({ ...table, claims: [aFigure('it', formula, printed)] }))[0]?.outcome
}
function holds(comparison: string) {
  return claimsOf(aPost({ ...table, claims: [aTest('it', comparison)] }))[0]?.outcome
}

test('a sentence is held to what follows from the tables', () => {
  for (const [formula, printed] of [
    ["mean(column('runs', 'tps'))", '15.0'],
    ["count(column('runs', 'tps'))", '2'],
    ["sum(column('runs', 'tps'))", '30.04'],
    ["min(column('runs', 'tps')) - max(1, 2)", '8'],
    ["last(column('runs', 'tps')) / first(column('runs', 'tps'))", '2.0'],
    ["abs(at('runs', 'a', 'tps') - at('runs', 'b', 'tps'))", '10.0'],
    ["round(at('runs', 'b', 'tps'), 1)", '20.0'],
    ['round(0 - 2.5)', '-3'],
    ["at('runs', 'a', 'gpu')", 'rtx-3060'],
    ["hardware('rtx-3060', 'price.usd') / at('runs', 'a', 'tps')", '32.9'],
    ["hardware(at('runs', 'b', 'gpu'), 'memoryGb')", '8'],
  ] as const)
    expect(figure(formula, printed), formula).toMatchObject({ status: 'reproduced' })
  expect(figure("hardware('pi-5', 'price.usd')", '80')).toMatchObject({ status: 'untestable' })
  expect(figure("hardware(at('runs', 'c', 'gpu'), 'price.usd')", '80')).toMatchObject({
    why: { en: 'The catalogue of hardware has no price.usd of none.' },
  })
  expect(figure("at('runs', 'a', 'gpu')", 'pi-5')).toEqual({
    status: 'differs',
    recomputed: 'rtx-3060',
    withinRounding: false,
  })
})

test('numbers are equal at the coarser of their printed precisions, computed ones at that of the printed one', () => {
  for (const comparison of [
    "at('runs', 'a', 'tps') * 2 == at('runs', 'b', 'tps') - 0.04",
    "at('runs', 'b', 'tps') == 20.04",
    "max(column('runs', 'tps')) == at('runs', 'b', 'tps')",
    "at('runs', 'a', 'gpu') == 'rtx-3060' && at('runs', 'a', 'gpu') != at('runs', 'b', 'gpu')",
    "at('runs', 'a', 'tps') != 'ten'",
    '0.1 + 0.2 <= 0.3 && 0.1 + 0.2 >= 0.3 && !(0.1 + 0.2 > 0.3)',
    '1 > 2 || 2 > 1',
  ])
    expect(holds(comparison), comparison).toEqual({ status: 'reproduced' })
  expect(holds("at('runs', 'b', 'tps') == 20.05")).toMatchObject({ status: 'differs', withinRounding: false })
})

test('dates are compared as days, however they are written', () => {
  expect(figure("'2021-02-25'", '2021.2.25')).toMatchObject({ status: 'reproduced' })
  expect(figure("'2021-02-25'", '2021. 2. 25.')).toMatchObject({ status: 'reproduced' })
  expect(figure("'2021-02-25'", '2021.2.26')).toMatchObject({ status: 'differs' })
  expect(holds("hardware('rtx-3060', 'date') == '2023/10/1'")).toEqual({ status: 'reproduced' })
})

test('a comparison that fails could hold inside the rounding of its inputs, or not', () => {
  expect(holds("at('runs', 'a', 'tps') > 10.04")).toEqual({ status: 'differs', withinRounding: true })
  expect(holds("at('runs', 'a', 'tps') > 10.06")).toEqual({ status: 'differs', withinRounding: false })
  expect(holds("!(at('runs', 'a', 'tps') <= 10.04) && 1 < 2")).toEqual({ status: 'differs', withinRounding: true })
  expect(holds("at('runs', 'c', 'tps') > 1")).toMatchObject({ status: 'untestable' })
})

test('an input is held to what its column says, and is no derived cell', () => {
  const columns = [aColumn('name'), { ...aColumn('usd'), check: "hardware(name, 'price.usd')", line: 7 }]
  const rows = [
    ['rtx-3060', '329'],
    ['pi-5', '80'],
    ['none', ''],
  ]
  expect(claimsOf(aPost({ columns, rows })).map(({ of, kind, outcome }) => [of, kind, outcome.status])).toEqual([
    ['runs/rtx-3060/usd', 'input', 'reproduced'],
    ['runs/pi-5/usd', 'input', 'untestable'],
  ])
  expect(claimsOf(aPost({ columns, rows: [['rtx-3060', '299']] }))).toMatchObject([
    { printed: '299', lines: [11], outcome: { status: 'differs', recomputed: '329', withinRounding: false } },
  ])
})

test('a table that has its columns as lines of the text gives its cells those', () => {
  const post = aPost({ columns: [aColumn('name'), { ...aColumn('usd'), check: '1 + 1', line: 7 }], rows: [['a', '2']] })
  const tables = post.tables.map((each) => ({ ...each, rows: each.rows.map(({ cells }) => ({ cells })) }))
  expect(claimsOf({ ...post, tables }).map(({ lines }) => lines)).toEqual([[7]])
})

test('a ratio printed without the zero at its end is held to the decimals that were meant', () => {
  const columns = [aColumn('name'), aColumn('tokens'), { ...aColumn('x', 'tokens / 100'), decimals: 2 }]
  const rows = [
    ['a', '400', '4'],
    ['b', '399.6', '4'],
    ['c', '360', '4'],
  ]
  expect(claimsOf(aPost({ columns, rows })).map(({ outcome }) => outcome)).toEqual([
    { status: 'reproduced', recomputed: '4.00' },
    { status: 'reproduced', recomputed: '4.00' },
    { status: 'differs', recomputed: '3.60', by: expect.closeTo(0.111, 3), withinRounding: false },
  ])
})

test("a row's measured cells are taken together", () => {
  const columns = [aColumn('name'), aColumn('first'), aColumn('second'), { ...aColumn('usd'), role: 'fact' as const }]
  const rows = [
    ['a', '10', '20', '999'],
    ['b', '', '7', '999'],
  ]
  const of = (formula: string, printed: string) =>
    claimsOf(aPost({ columns, rows, claims: [aFigure('it', formula, printed)] }))[0]?.outcome.status
  expect(of("max(row('runs', 'a')) / min(row('runs', 'a'))", '2')).toBe('reproduced')
  expect(of("sum(row('runs', 'a'), row('runs', 'b'))", '37')).toBe('reproduced')
  expect(() => of("max(row('runs', 'c'))", '2')).toThrowErrorMatchingInlineSnapshot(
    `[UserError: data/published/made-up: the claim it: "max(row('runs', 'c'))" names the row "c" of runs: there are a, b]`,
  )
  expect(() => of("row('runs', 'a') / 2", '2')).toThrowErrorMatchingInlineSnapshot(
    `[UserError: data/published/made-up: the claim it: "row('runs', 'a') / 2" has a whole column beside "/": take one figure of it, as mean(column(...)) does]`,
  )
})

test('a sentence that cannot be tested says why', () => {
  const why = { en: 'No figure is given.', ko: '수치가 없습니다.' }
  const claims = [{ id: 'vague', says: why, lines: [3], untestable: why }]
  expect(claimsOf(aPost({ ...table, claims }))).toEqual([
    { of: 'vague', kind: 'sentence', lines: [3], outcome: { status: 'untestable', why } },
  ])
})

test('all that is wrong with the formulas of a post is told at once', () => {
  const columns = [aColumn('name'), aColumn('tokens'), aColumn('rate', 'tokns / 2'), aColumn('ratio', 'rate +')]
  const claims = [
    aFigure('c1', "at('run', 'a', 'rate')", '1'),
    aFigure('c2', "at('runs', 'x', 'rates')", '1'),
    aFigure('c3', 'tokens * 2', '1'),
    aFigure('c4', "column('runs', 'rate') * 2", '1'),
    aFigure('c5', '1 < 2', '1'),
    aTest('t1', '1 + 2'),
    aTest('t2', '(1 < 2) == (2 < 3)'),
    aTest('t3', 'constructor > 1 && __proto__ < toString'),
    aTest('t4', "hardware('rtx-306', 'price.eur') > round(1.5, 0.5)"),
    aTest('t5', "at('runs', 'constructor', '__proto__') < column('__proto__', 'a')"),
    aTest('t6', `1 < meen(1) ${' '.repeat(100)}`),
  ]
  expect(() => claimsOf(aPost({ columns, rows: [['a', '1', '2', '3']], claims }))).toThrowErrorMatchingInlineSnapshot(`
    [UserError: data/published/made-up: runs/rate: "tokns / 2" names the column "tokns" of runs, did you mean "tokens"?
    data/published/made-up: runs/ratio: "rate +" cannot be read: Unexpected end of input
    data/published/made-up: the claim c1: "at('run', 'a', 'rate')" names the table "run", did you mean "runs"?
    data/published/made-up: the claim c2: "at('runs', 'x', 'rates')" names the column "rates" of runs, did you mean "rate"?
    data/published/made-up: the claim c2: "at('runs', 'x', 'rates')" names the row "x" of runs: there are a
    data/published/made-up: the claim c3: "tokens * 2" names "tokens", but a sentence has no row: write at('table', 'row', 'column')
    data/published/made-up: the claim c4: "column('runs', 'rate') * 2" has a whole column beside "*": take one figure of it, as mean(column(...)) does
    data/published/made-up: the claim c5: "1 < 2" comes to true or false: a comparison is a claim of its own, under test
    data/published/made-up: the claim t1: "1 + 2" compares nothing: a test is a comparison
    data/published/made-up: the claim t2: "(1 < 2) == (2 < 3)" has a comparison beside "=="
    data/published/made-up: the claim t3: "constructor > 1 && __proto__ < toString" names "constructor", but a sentence has no row: write at('table', 'row', 'column')
    data/published/made-up: the claim t3: "constructor > 1 && __proto__ < toString" names "__proto__", but a sentence has no row: write at('table', 'row', 'column')
    data/published/made-up: the claim t3: "constructor > 1 && __proto__ < toString" names "toString", but a sentence has no row: write at('table', 'row', 'column')
    data/published/made-up: the claim t4: "hardware('rtx-306', 'price.eur') > round(1.5, 0.5)" names the hardware "rtx-306", did you mean "rtx-3060"?
    data/published/made-up: the claim t4: "hardware('rtx-306', 'price.eur') > round(1.5, 0.5)" asks hardware for "price.eur", which none has
    data/published/made-up: the claim t4: "hardware('rtx-306', 'price.eur') > round(1.5, 0.5)" needs the digits of round() as a whole number from 0 to 12
    data/published/made-up: the claim t5: "at('runs', 'constructor', '__proto__') < column('__proto__', 'a')" names "constructor", but a sentence has no row: write at('table', 'row', 'column')
    data/published/made-up: the claim t5: "at('runs', 'constructor', '__proto__') < column('__proto__', 'a')" names "__proto__", but a sentence has no row: write at('table', 'row', 'column')
    data/published/made-up: the claim t5: "at('runs', 'constructor', '__proto__') < column('__proto__', 'a')" needs the column of at() as a text
    data/published/made-up: the claim t5: "at('runs', 'constructor', '__proto__') < column('__proto__', 'a')" needs the table of at(), column() and row() as a text
    data/published/made-up: the claim t6: "1 < meen(1)                                                                    …" has no function "meen", did you mean "mean"?]
  `)
})
