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

/** By which rule the knee was found, and whether it may lie beyond what was measured. */
export function kneeNote(words: Words, knees: readonly (Knee | undefined)[]): string[] {
  const found = [...new Set(knees)].filter((knee) => knee !== undefined)
  const rules = [...new Set(found.map(({ rule }) => rule))]
  return [
    ...rules.map((rule) =>
      words(`load.knee-${rule}`, { share: percent(rule === 'goodput' ? kneeGoodput : nearlyAll) }),
    ),
    ...(found.some(({ last }) => last) ? [words('load.knee-last')] : []),
  ]
}

/** What hollow marks are, where there are any. */
export function hollowNote(words: Words, any: boolean): string[] {
  return any ? [words('chart.hollow')] : []
}
