import { didYouMean } from '../domain/nearest.ts'
import type { PublishedTable } from '../domain/published.ts'
import type { Formula, FunctionName } from './formula.ts'
import { factAt, type FormulaScope, keyOf, rowOf, tableOf } from './formula-scope.ts'

/** What a formula comes to: a figure or a text (`one`), all cells of a column (`many`), or whether something holds (`truth`). */
type Kind = 'one' | 'many' | 'truth'

/** What is wrong with the names and the parts of a formula that is to come to a figure or a text, or to a truth; all at once. */
export function formulaProblems(formula: Formula, wanted: 'one' | 'truth', scope: FormulaScope): string[] {
  const problems: string[] = []
  const got = kindOf(formula, scope, problems)
  if (problems.length === 0 && got !== wanted) problems.push(mismatch(got, wanted))
  return [...new Set(problems)]
}

function mismatch(got: Kind, wanted: 'one' | 'truth'): string {
  if (wanted === 'truth') return 'compares nothing: a test is a comparison'
  if (got === 'many') return 'comes to a whole column: take one figure of it, as mean(column(...)) does'
  return 'comes to true or false: a comparison is a claim of its own, under test'
}

function kindOf(formula: Formula, scope: FormulaScope, problems: string[]): Kind {
  const expect = (part: Formula, wanted: 'one' | 'truth', where: string) => {
    const before = problems.length
    const got = kindOf(part, scope, problems)
    if (problems.length > before || got === wanted) return
    problems.push(
      got === 'many'
        ? `has a whole column ${where}: take one figure of it, as mean(column(...)) does`
        : `has ${got === 'truth' ? 'a comparison' : 'what is no comparison'} ${where}`,
    )
  }
  switch (formula.is) {
    case 'number':
    case 'text':
      return 'one'
    case 'name':
      return nameKind(formula.name, scope, problems)
    case 'sign': {
      const kind = formula.operator === '!' ? 'truth' : 'one'
      expect(formula.of, kind, `after "${formula.operator}"`)
      return kind
    }
    case 'operation': {
      const { operator, left, right } = formula
      const parts = operator === '&&' || operator === '||' ? 'truth' : 'one'
      for (const part of [left, right]) expect(part, parts, `beside "${operator}"`)
      return ['+', '-', '*', '/'].includes(operator) ? 'one' : 'truth'
    }
    case 'call':
      for (const part of formula.of)
        if (takesMany.has(formula.name)) {
          const kind = kindOf(part, scope, problems)
          if (kind === 'truth') problems.push(`has a comparison in ${formula.name}()`)
        } else expect(part, 'one', `in ${formula.name}()`)
      callProblems(formula.name, formula.of, scope, problems)
      return formula.name === 'column' || formula.name === 'row' ? 'many' : 'one'
  }
}

const takesMany: ReadonlySet<FunctionName> = new Set(['min', 'max', 'mean', 'sum', 'count', 'first', 'last'])

function nameKind(name: string, { here }: FormulaScope, problems: string[]): Kind {
  if (here === undefined)
    problems.push(`names "${name}", but a sentence has no row: write at('table', 'row', 'column')`)
  else
    unknown(
      'column',
      name,
      here.table.columns.map((column) => column.name),
      here.table.name,
      problems,
    )
  return 'one'
}

function callProblems(name: FunctionName, of: readonly Formula[], scope: FormulaScope, problems: string[]): void {
  if (name === 'round' && of[1] !== undefined && !isDigits(of[1]))
    problems.push('needs the digits of round() as a whole number from 0 to 12')
  if (name === 'hardware') hardwareProblems(of, scope, problems)
  if (name !== 'at' && name !== 'column' && name !== 'row') return
  const table = tableProblems(of[0], scope, problems)
  if (table === undefined) return
  const column = written(of[name === 'at' ? 2 : 1])
  if (name === 'row') rowProblems(of[1], table, problems)
  else if (column === undefined) problems.push(`needs the column of ${name}() as a text`)
  else
    unknown(
      'column',
      column,
      table.columns.map((each) => each.name),
      table.name,
      problems,
    )
  if (name === 'at') rowProblems(of[1], table, problems)
}

/** A row that is named by a cell is known only where it is looked for. */
function rowProblems(part: Formula | undefined, table: PublishedTable, problems: string[]): void {
  const row = written(part)
  if (row === undefined || rowOf(table, row) !== undefined) return
  unknown(
    'row',
    row,
    table.rows.map((each) => keyOf(table, each)),
    table.name,
    problems,
  )
}

const isDigits = (digits: Formula): boolean =>
  digits.is === 'number' && Number.isInteger(digits.value) && digits.value >= 0 && digits.value <= 12

const written = (part: Formula | undefined): string | undefined => (part?.is === 'text' ? part.text : undefined)

function tableProblems(part: Formula | undefined, { post }: FormulaScope, problems: string[]) {
  const name = written(part)
  const found = name === undefined ? undefined : tableOf(post, name)
  if (name === undefined) problems.push('needs the table of at(), column() and row() as a text')
  else if (found === undefined)
    unknown(
      'table',
      name,
      post.tables.map((table) => table.name),
      undefined,
      problems,
    )
  return found
}

function hardwareProblems([name, path]: readonly Formula[], { hardware }: FormulaScope, problems: string[]): void {
  const [entry, fact] = [written(name), written(path)]
  if (entry !== undefined) unknown('hardware', entry, [...hardware.keys()], undefined, problems)
  if (fact === undefined) problems.push("needs the fact of hardware() as a text: 'price.usd'")
  else if (![...hardware.values()].some((facts) => factAt(facts, fact) !== undefined))
    problems.push(`asks hardware for "${fact}", which none has`)
}

function unknown(
  what: string,
  name: string,
  known: readonly string[],
  of: string | undefined,
  problems: string[],
): void {
  if (known.includes(name)) return
  const shown = known.length === 0 ? 'there is none' : `there are ${known.slice(0, mostShown).join(', ')}`
  const more = known.length > mostShown ? ` and ${known.length - mostShown} more` : ''
  const where = of === undefined ? '' : ` of ${of}`
  problems.push(`names the ${what} "${name}"${where}${didYouMean(name, known) || `: ${shown}${more}`}`)
}
const mostShown = 20
