import { kneeGoodput } from '../domain/plan.ts'
import type { Evidence } from './evidence.ts'
import type { Latency } from './latencies.ts'
import { nearlyAll, type Knee } from './load-knee.ts'
import type { LoadSweep } from './load-sweep.ts'
import { percent, significant } from './numbers.ts'
import type { Words } from './words.ts'

/** A number of a picture's text: three significant digits. */
export const shownFew = (value: number): string => significant(value)

/** ` on MODEL, SETTING`, as far as there are any. */
export function onText({ words }: Pick<Evidence, 'words'>, { group, setting }: LoadSweep): string {
  const place = [group, setting].filter((part) => part !== '').join(', ')
  return place === '' ? '' : words('chart.on', { group: place })
}

/** What the bars above medians reach to; nothing where there are none. */
export function tailNote(words: Words, latencies: readonly Latency[]): string[] {
  const names = [...new Set(latencies.flatMap(({ tail }) => tail?.name ?? []))].toSorted()
  if (names.length === 0) return [words('load.no-tail')]
  return [words(names.length > 1 ? 'load.tails' : 'load.tail-note', { names: names.join(', ') })]
}

/** Where knees are drawn: that the circle is one and whether it may lie beyond what was measured, and by which rule it was found. */
export function kneeNotes(words: Words, knees: readonly (Knee | undefined)[]): { short: string[]; rule: string[] } {
  const found = [...new Set(knees)].filter((knee) => knee !== undefined)
  const rules = [...new Set(found.map(({ rule }) => rule))]
  const last = found.some((knee) => knee.last) ? [words('load.knee-last')] : []
  return {
    short: found.length === 0 ? [] : [words('load.knee-circle'), ...last],
    rule: rules.map((rule) =>
      words(`load.knee-${rule}`, { share: percent(rule === 'goodput' ? kneeGoodput : nearlyAll) }),
    ),
  }
}

/** That lines are arms, where there are several. */
export function lineNote(words: Words, { lines }: LoadSweep): string[] {
  return lines.length > 1 ? [words('load.lines')] : []
}

/** What hollow marks are, where there are any. */
export function hollowNote(words: Words, any: boolean): string[] {
  return any ? [words('chart.hollow')] : []
}
