import { separatesArms } from '../domain/axis.ts'
import type { Compare } from '../domain/plan.ts'
import { quote } from '../parse/quote.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { findAxis, noAxis, type Axis } from './axes.ts'
import type { ProblemList } from './problem-list.ts'
import { settingAt } from './setting.ts'

type Context = { document: SourceDocument; axes: readonly Axis[]; problems: ProblemList }

/** Adds to the problems what a declared comparison names that is no axis, or makes no arms. */
export function checkCompare(
  compare: Pick<Compare, 'treatment'> | undefined,
  { document, axes, problems }: Context,
): void {
  for (const [index, key] of (compare?.treatment ?? []).entries()) {
    const twice = compare?.treatment.indexOf(key) === index ? undefined : `${quote(key)} is there twice`
    const wrong = whyNoTreatment(key, axes) ?? twice
    if (wrong !== undefined) problems.addFor(settingAt(document, ['compare', 'treatment', index], 'file'), wrong)
  }
}

function whyNoTreatment(key: string, axes: readonly Axis[]): string | undefined {
  if (findAxis(key, axes) === undefined) return noAxis(key, axes)
  return separatesArms(key) ? undefined : `${quote(key)} says what is asked or when, which makes no arms: leave it out`
}
