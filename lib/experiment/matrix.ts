import { withPath } from '../parse/check-value.ts'
import { placeName } from '../parse/problem.ts'
import { findAxis, noAxis, readAxes, valueOf, type Axis, type AxisValue } from './axes.ts'
import { checkCompare } from './check-compare.ts'
import { excludeConditions, meets, type RuleContext } from './condition.ts'
import { pointsOf, type Point } from './grid.ts'
import type { LoadedExperiment } from './load-experiment.ts'
import { readOverrides, type Override } from './override.ts'
import type { ProblemList } from './problem-list.ts'
import { readSetArguments, type SetArgument } from './set-argument.ts'
import { settingAt } from './setting.ts'

/** Which cells there are, before anything in them is resolved. */
export type Matrix = {
  axes: readonly Axis[]
  sets: readonly SetArgument[]
  overrides: readonly Override[]
  kept: readonly Point[]
  excluded: readonly ExcludedPoint[]
}
export type ExcludedPoint = { point: Point; detail: string }

/** Reads axes, zip, include, exclude, overrides and `--set`; what is wrong with them is added to the problems. */
export function readMatrix(loaded: LoadedExperiment, setTexts: readonly string[], problems: ProblemList): Matrix {
  const { file, document, catalogue } = loaded
  const axes = readAxes(file, { document, catalogue, problems })
  const context: RuleContext = { document, axes, catalogue, problems }
  checkCompare(file.compare, context)
  const product = pointsOf(axes, { groups: file.zip, document, problems })
  const included = file.include.flatMap((_, index) => readInclude(index, context) ?? [])
  const exclude = excluderOf(file.exclude.length, product, context)
  const overrides = readOverrides(file.overrides.length, context)
  const sets = readSetArguments(setTexts, context)
  const onAxis = axisValuesOf(sets, context)
  const points = { product: fixAxes(product, onAxis), included: fixAxes(included, onAxis) }
  // Two cells that only `--set` has made equal are no mistake of the file.
  const onRepeated = onAxis.size === 0 ? tellRepeated(problems) : () => {}
  return { axes, sets, overrides, ...sift({ ...points, exclude, onRepeated }) }
}

/** An extra cell: a value for every axis that has more than one. */
function readInclude(index: number, context: RuleContext): Point | undefined {
  const { document, axes, problems } = context
  const include = settingAt(document, ['include', index], 'axis')
  const given = new Set(Object.keys(include.value as object))
  for (const key of given) {
    if (findAxis(key, axes) === undefined) {
      problems.add(include.place([key], 'key'), withPath(include.label, noAxis(key, axes)))
    }
  }
  const missing = axes.filter((axis) => !given.has(axis.key) && axis.written.length !== 1).map((axis) => axis.key)
  if (missing.length > 0) {
    problems.addFor(include, `needs a value for every axis: ${missing.join(', ')} too`)
    return undefined
  }
  const values = axes.map((axis) =>
    given.has(axis.key)
      ? valueOf(axis, settingAt(document, [...include.label, axis.key], 'axis'), context)
      : ([...axis.values.values()][0] as AxisValue),
  )
  return { values, include }
}

type Exclude = (point: Point) => string | undefined

/** Says by which rule a point is excluded. A rule that excludes nothing is a problem. */
function excluderOf(count: number, product: readonly Point[], context: RuleContext): Exclude {
  const rules = Array.from({ length: count }, (_, index) => {
    const at = settingAt(context.document, ['exclude', index], 'file')
    return { at, conditions: excludeConditions(index, context), size: Object.keys(at.value as object).length }
  }).filter(({ conditions, size }) => size > 0 && conditions.length === size)
  for (const { at, conditions } of rules) {
    const excludesAny = product.some((point) => meets(conditions, point))
    if (!excludesAny && product.length > 0)
      context.problems.addFor(at, 'excludes no cell: no cell has all of these values')
  }
  return (point) => {
    const rule = rules.find(({ conditions }) => meets(conditions, point))
    return rule && `${rule.at.label.join('.')} (${placeName(rule.at.place())})`
  }
}

/** `--set` of an axis: the value that takes the place of all of the axis's. */
function axisValuesOf(sets: readonly SetArgument[], context: RuleContext): Map<number, AxisValue> {
  return new Map(
    sets.flatMap(({ key, setting }) => {
      const axis = findAxis(key, context.axes)
      return axis === undefined ? [] : [[context.axes.indexOf(axis), valueOf(axis, setting, context)] as const]
    }),
  )
}

/** Points with some axes fixed; those that become equal are one. */
function fixAxes(points: readonly Point[], fixed: ReadonlyMap<number, AxisValue>): Point[] {
  if (fixed.size === 0) return [...points]
  const moved = points.map((point) => ({
    ...point,
    values: point.values.map((value, axis) => fixed.get(axis) ?? value),
  }))
  return [...new Map(moved.map((point) => [keyOf(point), point])).values()]
}

const keyOf = ({ values }: Point): string => values.map(({ index }) => index).join()

const tellRepeated = (problems: ProblemList) => (point: Point) => {
  if (point.include !== undefined) problems.addFor(point.include, 'this cell is there without it: take it out')
}

type Sift = {
  product: readonly Point[]
  included: readonly Point[]
  exclude: Exclude
  onRepeated: (point: Point) => void
}

/** Leaves out what is excluded, and adds what is included. */
function sift({ product, included, exclude, onRepeated }: Sift): Pick<Matrix, 'kept' | 'excluded'> {
  const kept = new Map<string, Point>()
  const excluded = new Map<string, ExcludedPoint>()
  for (const point of product) {
    const detail = exclude(point)
    if (detail === undefined) kept.set(keyOf(point), point)
    else excluded.set(keyOf(point), { point, detail })
  }
  for (const point of included) {
    if (kept.has(keyOf(point))) onRepeated(point)
    else kept.set(keyOf(point), point)
    excluded.delete(keyOf(point))
  }
  return { kept: [...kept.values()], excluded: [...excluded.values()] }
}
