import type {
  CheckedClaim,
  ClaimOutcome,
  HardwareFacts,
  PublishedClaim,
  PublishedPost,
  PublishedTable,
} from '../domain/published.ts'
import { UserError } from '../domain/user-error.ts'
import { formulaProblems } from './check-formula.ts'
import { comparedTo, testOutcome } from './claim-outcome.ts'
import { evaluate } from './evaluate.ts'
import { type Formula, parseFormula } from './formula.ts'
import { cellOf, type FormulaScope, keyOf } from './formula-scope.ts'

type Catalogue = ReadonlyMap<string, HardwareFacts>

/**
 * Computes every derived cell of a post again, every input that is held to something, and every sentence that states a result.
 * Throws one `UserError` with all that is wrong with the post's formulas.
 */
export function checkClaims(post: PublishedPost, hardware: Catalogue): CheckedClaim[] {
  const formulas = new Formulas(post)
  // What is not of the post is no claim of it.
  const printed = post.tables.filter(({ own }) => own !== true)
  const cells = printed.flatMap((table) => cellClaims(table, { post, hardware }, formulas))
  const sentences = post.claims.map((claim) => sentenceClaim(claim, { post, hardware }, formulas))
  formulas.throwProblems()
  return [...cells, ...sentences].map((finish) => finish())
}

/** Reads formulas, and collects what is wrong with them. */
class Formulas {
  readonly #post: string
  readonly #problems: string[] = []

  constructor({ name }: PublishedPost) {
    this.#post = name
  }

  read(text: string, wanted: 'one' | 'truth', scope: FormulaScope, place: string): Formula | undefined {
    const parsed = parseFormula(text)
    const problems = parsed.status === 'ok' ? formulaProblems(parsed.formula, wanted, scope) : [parsed.problem]
    this.#problems.push(...problems.map((problem) => `${place}: ${shortened(text)} ${problem}`))
    return parsed.status === 'ok' ? parsed.formula : undefined
  }

  throwProblems(): void {
    if (this.#problems.length === 0) return
    const shown = this.#problems.slice(0, mostShown)
    const more = this.#problems.length > mostShown ? [`… and ${this.#problems.length - mostShown} more`] : []
    throw new UserError([...shown, ...more].map((line) => `data/published/${this.#post}: ${line}`).join('\n'))
  }
}
const mostShown = 50

const shortened = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text)

type Base = Pick<FormulaScope, 'post' | 'hardware'>

function cellClaims(table: PublishedTable, base: Base, formulas: Formulas): (() => CheckedClaim)[] {
  return table.columns.flatMap(({ name, formula: derived, check, decimals, line: columnLine }) => {
    const text = derived ?? check
    if (text === undefined) return []
    const formula = formulas.read(text, 'one', { ...base, here: { table } }, `${table.name}/${name}`)
    if (formula === undefined) return []
    return table.rows
      .filter((row) => cellOf(row, name).trim() !== '')
      .map((row) => () => {
        const printed = cellOf(row, name)
        const line = row.line ?? columnLine
        return {
          of: `${table.name}/${keyOf(table, row)}/${name}`,
          kind: derived === undefined ? ('input' as const) : ('cell' as const),
          formula: text,
          printed,
          lines: line === undefined ? [] : [line],
          outcome: comparedTo(printed, evaluate(formula, { ...base, here: { table, row } }), decimals),
        }
      })
  })
}

function sentenceClaim(claim: PublishedClaim, base: Base, formulas: Formulas): () => CheckedClaim {
  const sentence = { of: claim.id, kind: 'sentence' as const, lines: claim.lines }
  const withOutcome = (text: string, wanted: 'one' | 'truth', outcome: (formula: Formula) => ClaimOutcome) => {
    const formula = formulas.read(text, wanted, base, `the claim ${claim.id}`)
    return () => ({ ...sentence, formula: text, outcome: outcome(formula as Formula) })
  }
  if ('untestable' in claim) return () => ({ ...sentence, outcome: { status: 'untestable', why: claim.untestable } })
  if ('test' in claim) return withOutcome(claim.test, 'truth', (formula) => testOutcome(evaluate(formula, base)))
  const { formula: text, printed } = claim
  const compute = withOutcome(text, 'one', (formula) => comparedTo(printed, evaluate(formula, base)))
  return () => ({ ...compute(), printed })
}
