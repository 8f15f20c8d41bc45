import { expect, test } from 'vitest'
import { parseFormula } from '../../lib/verdict/formula.ts'

const problemOf = (text: string): string | undefined => {
  const parsed = parseFormula(text)
  return parsed.status === 'failed' ? parsed.problem : undefined
}

test('a formula is numbers, texts, columns, operators and functions', () => {
  expect(parseFormula("-tokens / at('a', 'b', 'c') >= 2")).toEqual({
    status: 'ok',
    formula: {
      is: 'operation',
      operator: '>=',
      left: {
        is: 'operation',
        operator: '/',
        left: { is: 'sign', operator: '-', of: { is: 'name', name: 'tokens' } },
        right: { is: 'call', name: 'at', of: ['a', 'b', 'c'].map((text) => ({ is: 'text', text })) },
      },
      right: { is: 'number', value: 2 },
    },
  })
})

test('what formulas have not is refused in words', () => {
  expect(
    ['a.b', 'a[0]', '[1]', 'a ? 1 : 2', 'a % 2', 'typeof a', 'true', '/x/', '1e999', 'a, b', 'a--', ''].map(problemOf),
  ).toMatchInlineSnapshot(`
    [
      "has what formulas have not (member expression): they have numbers, 'texts', columns, + - * / == != < <= > >= && || and functions",
      "has what formulas have not (member expression): they have numbers, 'texts', columns, + - * / == != < <= > >= && || and functions",
      "has what formulas have not (array expression): they have numbers, 'texts', columns, + - * / == != < <= > >= && || and functions",
      "has what formulas have not (conditional expression): they have numbers, 'texts', columns, + - * / == != < <= > >= && || and functions",
      "has "%", which formulas have not: they have + - * / == != < <= > >= && ||",
      "cannot be read: formulas have no =, ++ and --",
      "has true, which is neither a number nor a text",
      "has /x/, which is neither a number nor a text",
      "has 1e999, which is neither a number nor a text",
      "cannot be read: formulas have no =, ++ and --",
      "cannot be read: formulas have no =, ++ and --",
      "cannot be read: Unexpected end of input",
    ]
  `)
  expect(['meen(a)', 'at(1)', "min.call('x')", 'column("a")', 'round(a, 1, 2)'].map(problemOf)).toMatchInlineSnapshot(`
    [
      "has no function "meen", did you mean "mean"?",
      "is wrong: at() takes 3 arguments, not 1",
      "calls what is no name: the functions are at, column, row, hardware, min, max, mean, sum, count, first, last, abs, round",
      "is wrong: column() takes 2 arguments, not 1",
      "is wrong: round() takes 1 to 2 arguments, not 3",
    ]
  `)
})

test('hostile formulas come to an error, and nothing of them runs', () => {
  const ran = { value: false }
  Object.defineProperty(globalThis, 'touched', { get: () => (ran.value = true), configurable: true })
  const hostile = [
    'constructor("return 1")()',
    'constructor.constructor("touched")()',
    'toString()',
    '__proto__()',
    'hasOwnProperty("a")',
    'touched()',
    '(() => touched)()',
    'new Function("touched")',
    'a = 1',
    'a++',
    '`${touched}`',
    'this',
    'import("node:fs")',
    '{"__proto__": touched}',
    "'\\u{110000}'",
    '"unended',
    'a; touched',
    '('.repeat(1999),
    '!'.repeat(1999),
    '['.repeat(1999),
    'min('.repeat(400),
    '9'.repeat(400),
    'a+'.repeat(50_000),
    '('.repeat(100_000),
  ]
  for (const text of hostile) expect(problemOf(text), text.slice(0, 40)).toBeTypeOf('string')
  expect(ran.value).toBe(false)
  Reflect.deleteProperty(globalThis, 'touched')
})
