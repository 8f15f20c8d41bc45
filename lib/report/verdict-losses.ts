import type { BlockLoss } from '../domain/verdict.ts'
import type { ComparedNames } from './arm-names.ts'
import { percent } from './numbers.ts'
import type { Words } from './words.ts'

type Of = { losses: readonly BlockLoss[]; blocks: number; names: ComparedNames; words: Words }

/** `throttled in 4 of 10 blocks`, `B failed in 10 of 10 blocks: out of memory`: an entry per kind of loss, failures first. */
export function lossTexts({ losses, blocks, names, words }: Of): string[] {
  const of = (status: BlockLoss['why']['status'], arm?: BlockLoss['arm']) =>
    losses.filter(({ why, arm: own }) => why.status === status && (arm ?? own) === own)
  const failed = (['against', 'base'] as const).map((arm) => ({ name: names[arm], some: of('failed', arm) }))
  const [invalid, missing] = [of('invalid'), of('missing')]
  return [
    ...failed
      .filter(({ some }) => some.length > 0)
      .map(({ name, some }) => words('verdict.lost.failed', { name, blocks, ...counted(some, words) })),
    ...(invalid.length === 0 ? [] : [words('verdict.lost.invalid', { blocks, ...counted(invalid, words) })]),
    ...(missing.length === 0 ? [] : [words('verdict.lost.missing', { blocks, n: blocksOf(missing) })]),
  ]
}

/** Whether nothing but failures took blocks away: then no trial is at fault but the engine's. */
export const onlyFailed = (losses: readonly BlockLoss[]): boolean =>
  losses.length > 0 && losses.every(({ why }) => why.status === 'failed')

const blocksOf = (losses: readonly BlockLoss[]) => new Set(losses.map(({ block }) => block)).size

/** Reasons, the most frequent first. */
function counted(losses: readonly BlockLoss[], words: Words): { n: number; reasons: string } {
  const byReason = Map.groupBy(losses, ({ why }) => reasonText(why, words))
  const reasons = [...byReason].toSorted(([, a], [, b]) => blocksOf(b) - blocksOf(a)).map(([reason]) => reason)
  return { n: blocksOf(losses), reasons: reasons.join(', ') }
}

function reasonText(why: BlockLoss['why'], words: Words): string {
  if (why.status === 'missing') return ''
  return words(why.status === 'failed' ? `reason.${why.reason}` : `invalid.${why.reason}`)
}

/** `B failed 12 % of its requests`: the arm that failed more, and the other where it failed any. */
export function errorRatesText(rates: { base: number; against: number }, names: ComparedNames, words: Words): string {
  const [more, less] = rates.against >= rates.base ? (['against', 'base'] as const) : (['base', 'against'] as const)
  const values = { name: names[more], share: percent(rates[more]) }
  if (rates[less] === 0) return words('verdict.error-rates', values)
  return words('verdict.error-rates-both', { ...values, other: names[less], otherShare: percent(rates[less]) })
}
