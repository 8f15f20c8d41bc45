import type { PublishedPost, Said } from '../domain/published.ts'
import { formulaProblems } from './check-formula.ts'
import { evaluate } from './evaluate.ts'
import { parseFormula } from './formula.ts'

/** What a formula over a post's figures comes to, or what is wrong with it. */
export type FormulaValue = { status: 'ok'; value: number } | { status: 'failed'; why: string | Said }

/** A number that follows from a post's figures, by a formula that stands outside of it; it knows no catalogue of hardware. */
export function formulaValue(text: string, post: PublishedPost): FormulaValue {
  const scope = { post, hardware: new Map() }
  const parsed = parseFormula(text)
  const problems = parsed.status === 'ok' ? formulaProblems(parsed.formula, 'one', scope) : [parsed.problem]
  if (parsed.status !== 'ok' || problems.length > 0) return { status: 'failed', why: problems.join('; ') }
  const value = evaluate(parsed.formula, scope)
  if (value.is === 'number') return { status: 'ok', value: value.value }
  return { status: 'failed', why: value.is === 'untestable' ? value.why : 'is no number' }
}
