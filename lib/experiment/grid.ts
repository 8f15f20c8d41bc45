import { quote } from '../parse/quote.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { findAxis, noAxis, type Axis, type AxisValue } from './axes.ts'
import type { ProblemList } from './problem-list.ts'
import { settingAt, type Setting } from './setting.ts'

/** One combination of axis values, in the order of the axes; `include` where an `include` asks for it. */
export type Point = { values: readonly AxisValue[]; include?: Setting }

/** More combinations than this are a mistake, not an experiment. */
const mostPoints = 100_000

type Zip = { groups: readonly (readonly string[])[]; document: SourceDocument; problems: ProblemList }

/** The cartesian product of the axes, those of a zip group advancing together; the first axis changes slowest. */
export function pointsOf(axes: readonly Axis[], zip: Zip): Point[] {
  const dimensions = dimensionsOf(axes, zip)
  for (const dimension of dimensions) checkRepeats(dimension, zip)
  const size = dimensions.reduce((product, [axis]) => product * (axis?.written.length ?? 1), 1)
  if (size > mostPoints) {
    const message = `axes: they make ${size} cells, more than ${mostPoints}: leave values out`
    zip.problems.add(zip.document.place(['axes'], 'key'), message)
    return []
  }
  let rows: AxisValue[][] = [[]]
  for (const dimension of dimensions) {
    const steps = stepsOf(dimension)
    rows = rows.flatMap((row) => steps.map((step) => [...row, ...step]))
  }
  // Zipped axes stand together in the rows; the points have the order of the file.
  const order = new Map(dimensions.flat().map((axis, position) => [axis, position]))
  const positions = axes.map((axis) => order.get(axis) ?? 0)
  return rows.map((row) => ({ values: positions.map((position) => row[position] as AxisValue) }))
}

/** A value may come again on a zipped axis, where another of the group has another value then. */
function checkRepeats(dimension: readonly Axis[], { document, problems }: Zip): void {
  const seen = new Set<string>()
  const last = dimension.at(-1)
  for (const [index, step] of stepsOf(dimension).entries()) {
    const key = JSON.stringify(step.map((value) => value.key))
    if (seen.has(key) && last !== undefined) {
      const at = { ...settingAt(document, ['axes', last.key, index], 'axis'), label: ['axes', last.key] }
      const others = dimension.slice(0, -1).map((axis) => axis.key)
      const together = others.length === 0 ? '' : `, with the same ${others.join(', ')}`
      problems.addFor(at, `${quote(at.value)} is there twice${together}`)
    }
    seen.add(key)
  }
}

function stepsOf(dimension: readonly Axis[]): AxisValue[][] {
  const columns = dimension.map((axis) => axis.written)
  return (columns[0] ?? []).map((_, step) => columns.map((column) => column[step] as AxisValue))
}

/** The axes, alone or with those of their zip group, by first appearance. */
function dimensionsOf(axes: readonly Axis[], { groups, document, problems }: Zip): Axis[][] {
  const dimensionOf = new Map<Axis, Axis[]>(axes.map((axis) => [axis, [axis]]))
  const zipped = new Set<Axis>()
  for (const [number, group] of groups.entries()) {
    const members = group.flatMap((key, position) => {
      const at = settingAt(document, ['zip', number, position], 'file')
      const axis = findAxis(key, axes)
      const wrong = axis === undefined ? noAxis(key, axes) : zipped.has(axis) && `${quote(key)} is zipped already`
      if (typeof wrong === 'string') problems.addFor({ ...at, label: ['zip', number] }, wrong)
      if (axis === undefined || typeof wrong === 'string') return []
      zipped.add(axis)
      return [axis]
    })
    const at = settingAt(document, ['zip', number], 'file')
    if (areEquallyLong(members, at, problems)) for (const axis of members) dimensionOf.set(axis, members)
  }
  return [...new Set(dimensionOf.values())]
}

function areEquallyLong(members: readonly Axis[], group: Setting, problems: ProblemList): boolean {
  if (new Set(members.map(({ written }) => written.length)).size <= 1) return true
  const lengths = members.map(({ key, written }) => `${key} has ${written.length}`).join(', ')
  problems.addFor(group, `axes that advance together need equally many values: ${lengths}`)
  return false
}
