import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { findLab } from '../lab/lab.ts'
import { readComparison } from '../lab/read-comparison.ts'
import { loadWords } from '../report/template-files.ts'
import { toldComparisons } from '../report/told-comparison.ts'
import type { Store } from '../store/store.ts'
import type { Io } from './io.ts'

/** The sentence to decide by, of each declared pair: `base` is A. */
export type ToldVerdict = { base: string; against: string; says: string }

const mostShown = 6

/** What is said of a plan's declared comparison; nothing where it declares none. */
export async function toldVerdicts(store: Store, plan: Plan, io: Io): Promise<ToldVerdict[]> {
  if (plan.compare === undefined) return []
  const words = await loadWords(findLab(io.cwd).root)
  return toldComparisons(plan, readComparison(store, plan.id), words).map(({ names: { base, against }, says }) => ({
    base,
    against,
    says,
  }))
}

/** The same as lines of a terminal, and how each metric is seen. */
export function verdictLines(told: readonly ToldVerdict[], planId: string): string {
  if (told.length === 0) return ''
  const lines = told.slice(0, mostShown).map(({ base, against, says }) => `${against} against ${base}: ${says}`)
  const rest = told.length - mostShown
  const all = [...lines, ...(rest > 0 ? [`… and ${rest} more pairs`] : [])].map((line) => `${plainSpaces(line)}\n`)
  return `${all.join('')}  benchbook compare ${planId} shows each metric\n`
}

const plainSpaces = (text: string) => plain(text).replaceAll(/[\u00a0\u202f]/g, ' ')
