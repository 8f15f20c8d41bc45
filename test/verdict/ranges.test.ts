import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { checkClaims } from '../../lib/verdict/check-claims.ts'
import { evaluate } from '../../lib/verdict/evaluate.ts'
import { parseFormula } from '../../lib/verdict/formula.ts'
import { printedNumber } from '../../lib/verdict/printed-number.ts'
import { aColumn, aPost, someHardware } from './a-post.ts'

const random = randomSequence(7)
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
const names = ['a', 'b', 'c'] as const
type Inputs = Record<(typeof names)[number], number>

/** A formula, and what it comes to for given inputs. */
type Made = { text: string; compute: (inputs: Inputs) => number }

const rounded = (value: number, digits: number) => Math.sign(value) * Number(Math.abs(value).toFixed(digits))

function made(depth: number): Made {
  if (depth === 0 || random() < 0.2) {
    const name = pick(names)
    return random() < 0.2 ? { text: '1.5', compute: () => 1.5 } : { text: name, compute: (inputs) => inputs[name] }
  }
  const [x, y] = [made(depth - 1), made(depth - 1)]
  return pick<Made>([
    { text: `(${x.text} + ${y.text})`, compute: (inputs) => x.compute(inputs) + y.compute(inputs) },
    { text: `(${x.text} - ${y.text})`, compute: (inputs) => x.compute(inputs) - y.compute(inputs) },
    { text: `(${x.text} * ${y.text})`, compute: (inputs) => x.compute(inputs) * y.compute(inputs) },
    { text: `(${x.text} / ${y.text})`, compute: (inputs) => x.compute(inputs) / y.compute(inputs) },
    { text: `-(${x.text})`, compute: (inputs) => -x.compute(inputs) },
    { text: `abs(${x.text})`, compute: (inputs) => Math.abs(x.compute(inputs)) },
    { text: `min(${x.text}, ${y.text})`, compute: (inputs) => Math.min(x.compute(inputs), y.compute(inputs)) },
    { text: `max(${x.text}, ${y.text})`, compute: (inputs) => Math.max(x.compute(inputs), y.compute(inputs)) },
    { text: `sum(${x.text}, ${y.text})`, compute: (inputs) => x.compute(inputs) + y.compute(inputs) },
    { text: `mean(${x.text}, ${y.text})`, compute: (inputs) => (x.compute(inputs) + y.compute(inputs)) / 2 },
  ])
}

const columns = (formula: string) => [aColumn('name'), ...names.map((name) => aColumn(name)), aColumn('it', formula)]

test('the range of a formula holds its value for any inputs inside their ranges', () => {
  let tested = 0
  for (let round = 0; round < 1500; round += 1) {
    const { text, compute } = made(4)
    const printed = names.map(() => ((random() - 0.4) * 10 ** pick([0, 1, 2, 4])).toFixed(pick([0, 1, 2])))
    const post = aPost({ columns: columns(text), rows: [['row', ...printed, '']] })
    const [table] = post.tables
    const parsed = parseFormula(text)
    if (parsed.status !== 'ok' || table === undefined) throw new Error(text)
    const here = { table, row: table.rows[0] as (typeof table.rows)[number] }
    const value = evaluate(parsed.formula, { post, hardware: someHardware, here })
    if (value.is !== 'number') continue
    tested += 1
    for (let sample = 0; sample < 10; sample += 1) {
      const inputs = Object.fromEntries(
        names.map((name, index) => {
          const number = printedNumber(printed[index] as string)
          if (number === undefined) throw new Error(printed[index])
          const part = pick([0, 1, random()])
          return [name, Math.min(number.most, number.least + part * (number.most - number.least))]
        }),
      ) as Inputs
      const exact = compute(inputs)
      expect(exact, `${text} of ${JSON.stringify(inputs)}`).toBeGreaterThanOrEqual(value.least)
      expect(exact, `${text} of ${JSON.stringify(inputs)}`).toBeLessThanOrEqual(value.most)
    }
  }
  expect(tested).toBeGreaterThan(700)
})

test('a cell printed by rounding what follows from its inputs as they are printed is always reproduced', () => {
  for (let round = 0; round < 500; round += 1) {
    const { text, compute } = made(3)
    const printed = names.map(() => (random() * 100 + 1).toFixed(pick([0, 1, 2])))
    const exact = compute(Object.fromEntries(names.map((name, index) => [name, Number(printed[index])])) as Inputs)
    if (!(Math.abs(exact) < 1e12)) continue
    const digits = pick([0, 1, 2, 3])
    const rows = [['row', ...printed, rounded(exact, digits).toFixed(digits)]]
    const [claim] = checkClaims(aPost({ columns: columns(text), rows }), someHardware)
    if (claim?.outcome.status === 'untestable') continue
    expect(claim, JSON.stringify({ text, rows })).toMatchObject({ outcome: { status: 'reproduced' } })
  }
})

test('a cell computed before its inputs were rounded is reproduced, or explained by their rounding', () => {
  const seen = new Set<string>()
  for (let round = 0; round < 1000; round += 1) {
    const { text, compute } = made(3)
    const inputs = Object.fromEntries(names.map((name) => [name, random() * 20 + 1])) as Inputs
    const printed = names.map((name) => inputs[name].toFixed(pick([0, 1])))
    const exact = compute(inputs)
    if (!(Math.abs(exact) < 1e12)) continue
    const rows = [['row', ...printed, rounded(exact, 2).toFixed(2)]]
    const [claim] = checkClaims(aPost({ columns: columns(text), rows }), someHardware)
    if (claim?.outcome.status === 'differs')
      expect(claim, JSON.stringify({ text, rows })).toMatchObject({ outcome: { withinRounding: true } })
    seen.add(claim?.outcome.status ?? '')
  }
  expect([...seen].toSorted()).toEqual(['differs', 'reproduced', 'untestable'])
})
