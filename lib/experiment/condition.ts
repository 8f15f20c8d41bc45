import type { JsonValue } from '../domain/json.ts'
import { withPath } from '../parse/check-value.ts'
import { didYouMean } from '../domain/nearest.ts'
import { quote } from '../parse/quote.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { checkName, findAxis, noAxis, type Axis } from './axes.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Catalogue } from './catalogue.ts'
import type { Point } from './grid.ts'
import { meaningOf, type NameKey } from './paths.ts'
import type { ProblemList } from './problem-list.ts'
import { settingAt, type Setting } from './setting.ts'

/** What a rule asks of a cell. */
export type Condition = { kind: 'axis'; axis: number; key: string } | { kind: 'name'; name: NameKey; value: JsonValue }

/** The names that stand in a cell. */
export type Names = Readonly<Record<NameKey, string>>

export type RuleContext = {
  document: SourceDocument
  axes: readonly Axis[]
  catalogue: Catalogue
  problems: ProblemList
}

/** Whether a cell meets all conditions. */
export function meets(conditions: readonly Condition[], point: Point, names?: Partial<Names>): boolean {
  return conditions.every((condition) =>
    condition.kind === 'axis'
      ? point.values[condition.axis]?.key === condition.key
      : names?.[condition.name] === condition.value,
  )
}

/** The conditions of an `exclude`: axes, and values that occur in the product. */
export function excludeConditions(index: number, context: RuleContext): Condition[] {
  const rule = settingAt(context.document, ['exclude', index], 'file')
  const keys = Object.keys(rule.value as object)
  if (keys.length === 0) context.problems.addFor(rule, 'needs at least one axis')
  return keys.flatMap((key) => {
    const at = settingAt(context.document, [...rule.label, key], 'file')
    return onAxis(key, at, { ...context, mayBeIncluded: false })
  })
}

/** The conditions of an override's `when`: axes with any of their values, and names that are not axes. */
export function whenConditions(index: number, context: RuleContext): Condition[] {
  const when = settingAt(context.document, ['overrides', index, 'when'], 'file')
  return Object.keys((when.value as object | undefined) ?? {}).flatMap((key): Condition[] => {
    const at = settingAt(context.document, [...when.label, key], 'file')
    const meaning = meaningOf(key)
    if (meaning.kind !== 'name' || findAxis(key, context.axes) !== undefined) {
      return onAxis(key, at, { ...context, mayBeIncluded: true })
    }
    checkName(meaning.name, at, context)
    return [{ kind: 'name', name: meaning.name, value: at.value }]
  })
}

function onAxis(key: string, at: Setting, context: RuleContext & { mayBeIncluded: boolean }): Condition[] {
  const { axes, problems } = context
  const axis = findAxis(key, axes)
  if (axis === undefined) {
    problems.add(at.place([], 'key'), withPath(at.label.slice(0, -1), noAxis(key, axes)))
    return []
  }
  const value = axis.values.get(canonicalJson(at.value))
  if (value === undefined || (!context.mayBeIncluded && !axis.written.includes(value))) {
    problems.addFor(at, noValue(axis, at))
    return []
  }
  return [{ kind: 'axis', axis: axes.indexOf(axis), key: value.key }]
}

/** What to say of a value that an axis does not have. */
export function noValue(axis: Axis, { value }: Setting): string {
  const known = [...axis.values.values()].map(({ setting }) => setting.value)
  const texts = known.filter((each) => typeof each === 'string')
  const hint = typeof value === 'string' ? didYouMean(value, texts) : ''
  return `the axis has no value ${quote(value)}${hint || `; it has ${quote(known)}`}`
}
