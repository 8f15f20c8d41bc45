import { canonicalJson } from '../domain/canonical-json.ts'
import { separatesArms } from '../domain/axis.ts'
import { withPath } from '../parse/check-value.ts'
import { quote } from '../parse/quote.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { findAxis, noAxis, type Axis } from './axes.ts'
import { noValue } from './condition.ts'
import type { DeclaredCompare } from './freeze-compare.ts'
import type { ProblemList } from './problem-list.ts'
import { settingAt } from './setting.ts'

type ArmsDeclared = NonNullable<DeclaredCompare['pairs']>[number]
type Context = { document: SourceDocument; axes: readonly Axis[]; problems: ProblemList }

/** Adds to the problems what a declared comparison names that is no axis, makes no arms, or is no value of its axis. */
export function checkCompare(compare: DeclaredCompare | undefined, context: Context): void {
  if (compare === undefined) return
  const { document, axes, problems } = context
  for (const [index, key] of compare.treatment.entries()) {
    const twice = compare.treatment.indexOf(key) === index ? undefined : `${quote(key)} is there twice`
    const wrong = whyNoTreatment(key, axes) ?? twice
    if (wrong !== undefined) problems.addFor(settingAt(document, ['compare', 'treatment', index], 'file'), wrong)
  }
  for (const index of (compare.pairs ?? []).keys()) checkPair(index, compare, context)
}

function whyNoTreatment(key: string, axes: readonly Axis[]): string | undefined {
  if (findAxis(key, axes) === undefined) return noAxis(key, axes)
  return separatesArms(key) ? undefined : `${quote(key)} says what is asked or when, which makes no arms: leave it out`
}

function checkPair(index: number, { treatment, pairs = [] }: DeclaredCompare, context: Context): void {
  const pair = pairs[index]
  if (pair === undefined) return
  const before = context.problems.size
  for (const side of ['base', 'against'] as const) checkArm(['compare', 'pairs', index, side], treatment, context)
  if (context.problems.size > before) return
  const at = settingAt(context.document, ['compare', 'pairs', index], 'file')
  const lone = Object.keys({ ...pair.base, ...pair.against }).filter(
    (key) => !(key in pair.base && key in pair.against),
  )
  if (lone.length > 0) {
    const what = `${lone.map((key) => quote(key)).join(' and ')} stands on one side alone`
    context.problems.addFor(at, `${what}: give it to both; an axis on neither is the same on both`)
  } else if (canonicalJson(pair.base) === canonicalJson(pair.against)) {
    context.problems.addFor(at, 'an arm against itself: what repeat.aa measures, and no pair')
  } else if (pairs.slice(0, index).some((earlier) => isSamePair(earlier, pair))) {
    context.problems.addFor(at, 'is there twice, which would count as two comparisons: leave one of them out')
  }
}

/** The other way round it is the same comparison. */
function isSamePair(one: ArmsDeclared, other: ArmsDeclared): boolean {
  const texts = ({ base, against }: ArmsDeclared) => [base, against].map((side) => canonicalJson(side)).toSorted()
  return canonicalJson(texts(one)) === canonicalJson(texts(other))
}

function checkArm(path: readonly PropertyKey[], treatment: readonly string[], context: Context): void {
  const { document, axes, problems } = context
  const arm = settingAt(document, path, 'file')
  const keys = Object.keys(arm.value as object)
  if (keys.length === 0) problems.addFor(arm, `needs a value of ${treatment.join(' or ')}`)
  for (const key of keys) {
    const at = settingAt(document, [...path, key], 'file')
    const axis = findAxis(key, axes)
    const value = axis?.values.get(canonicalJson(at.value))
    const wrong =
      axis === undefined
        ? noAxis(key, axes)
        : treatment.includes(key)
          ? undefined
          : `${quote(key)} is no treatment, which is ${treatment.join(', ')}: add it there`
    if (wrong !== undefined) problems.add(at.place([], 'key'), withPath(path, wrong))
    else if (axis !== undefined && value === undefined) problems.addFor(at, noValue(axis, at))
  }
}
