import { separatesArms } from '../domain/axis.ts'
import { asksServer } from '../domain/backend-config.ts'
import type { Cell, WorkloadConfig } from '../domain/cell.ts'
import type { JsonValue } from '../domain/json.ts'
import type { Plan } from '../domain/plan.ts'
import { shownRate } from './numbers.ts'
import { markOf, type Mark } from './marks.ts'
import type { Words } from './words.ts'

/** An arm as the report names and draws it. */
export type ShownArm = {
  index: number
  /** As `placeOfArm` has it of its cells and launches. */
  place: string
  /** Its value of the axis that is compared (`q4_0`, `2 threads`), and how that value looks. */
  value: string
  mark: Mark
  /** Its value of the axis that gets figures of its own (`model`); empty where there is none. */
  group: string
  /** Everything that tells it from the other arms: `random-50m · q4_0 · 1 thread`. */
  name: string
}

/** A cell in its place: which figure (`arm.group`), which panel of it, which row of the matrix. */
export type ShownCell = {
  index: number
  cell: Cell
  arm: ShownArm
  kind: WorkloadConfig['kind']
  /** The settings beside the compared axis and the group: `1 thread · 4 clients`. */
  panel: string
  /** The workload's name, where there are several of its kind. */
  workload: string
  /** Cells that differ only in the kind of their workload share it, and with it a row of the matrix. */
  row: string
  /** Arm and panel, and the workload where there are several of a kind. */
  name: string
}

/** What is compared with what. */
export type Comparison = {
  /** The axis whose values get colours: what the experiment varies to learn something. */
  axis: string
  /** Its values as arms are named by them, in the order of the file. */
  values: readonly string[]
  /** The axes that vary, in the order of the file: columns of the matrix. */
  axes: readonly string[]
  arms: readonly ShownArm[]
  cells: readonly ShownCell[]
}

type Varying = { axis: string; values: readonly string[] }
// Where several axes vary, the first of these is what the others are settings of.
const preferred = ['quantization', 'backend', 'model', 'hardware']
// With more models than this, figures of their own would be a book: they become panels of one.
const maxGroups = 3
const separator = ' · '

/** Finds the axis that is compared, and gives every arm and cell of `plan` its name and its place. */
export function comparisonOf(plan: Plan, words: Words): Comparison {
  const varying = varyingAxes(plan.cells)
  const axis = comparedAxis(varying, plan)
  const values = distinct(plan.cells.map((cell) => valueName(cell, axis, words)))
  const group = groupAxis(plan.cells, axis)
  const settings = varying.map((each) => each.axis).filter((each) => each !== axis && each !== group)
  const arms = new Map<string, ShownArm>()
  for (const cell of plan.cells) {
    const armPlace = placeOfArm(cell)
    if (arms.has(armPlace)) continue
    const value = valueName(cell, axis, words)
    const ofGroup = group === undefined ? '' : axisText(cell.axes[group])
    const texts = textsOf(cell, settings.filter(separatesArms), words)
    const name = join([ofGroup, value, ...texts])
    const mark = markOf(values.indexOf(value))
    arms.set(armPlace, { index: arms.size, place: armPlace, value, mark, group: ofGroup, name })
  }
  // What the compared value already settles (an axis zipped with it) is no setting beside it.
  const beside = settings.filter((each) => !separatesArms(each) || !settles(plan.cells, axis, each))
  const cells = placedCells(plan.cells, { arms, settings: beside, words })
  return { axis, values, axes: varying.map((each) => each.axis), arms: [...arms.values()], cells }
}

/** What the report calls an arm is that at one setting of all that the experiment does not compare: the same of a cell and of its launches. */
export function placeOfArm({ arm, stratum }: Pick<Cell, 'arm' | 'stratum'>): string {
  return JSON.stringify([arm, stratum])
}

type Placing = { arms: ReadonlyMap<string, ShownArm>; settings: readonly string[]; words: Words }
function placedCells(cells: readonly Cell[], { arms, settings, words }: Placing): ShownCell[] {
  const places = workloadPlaces(cells)
  return cells.map((cell, index) => {
    const { kind, name } = cell.config.workload
    const arm = arms.get(placeOfArm(cell)) as ShownArm
    const place = places.get(name) ?? { ordinal: 0, name: '' }
    const tasks = textsOf(
      cell,
      settings.filter((each) => !separatesArms(each)),
      words,
    )
    const armSettings = textsOf(cell, settings.filter(separatesArms), words)
    return {
      index,
      cell,
      arm,
      kind,
      panel: join([...armSettings, ...tasks, place.name]),
      workload: place.name,
      row: JSON.stringify([arm.index, tasks, place.ordinal]),
      name: join([arm.name, ...tasks, name]),
    }
  })
}

function textsOf(cell: Cell, axes: readonly string[], words: Words): string[] {
  return axes.map((axis) => settingText(axis, cell.axes[axis], words))
}

/** The value of an axis as text: names as they are, anything else as JSON. */
export function axisText(value: JsonValue | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Settings of axes in a few words: `random-50m · q4_0 · 1 thread`. */
export function settingsText(axes: Cell['axes'], words: Words): string {
  return join(Object.entries(axes).map(([axis, value]) => settingText(axis, value, words)))
}

/** Speed of random weights is real, their quality would not be. */
export function hasRandomWeights(cell: Cell): boolean {
  return cell.config.artifact.kind === 'random' || cell.artifact.description?.randomWeights === true
}

function varyingAxes(cells: readonly Cell[]): Varying[] {
  const axes = distinct(cells.flatMap((cell) => Object.keys(cell.axes))).filter((axis) => axis !== 'workload')
  return axes
    .map((axis) => ({ axis, values: distinct(cells.map((cell) => axisText(cell.axes[axis]))) }))
    .filter(({ values }) => values.length > 1)
}

/** Models get figures of their own: what is compared within them differs less than they do. */
function groupAxis(cells: readonly Cell[], compared: string): string | undefined {
  const models = distinct(
    cells.flatMap((cell) => (cell.axes['model'] === undefined ? [] : [axisText(cell.axes['model'])])),
  )
  return compared !== 'model' && models.length > 0 && models.length <= maxGroups ? 'model' : undefined
}

/** Whether all cells with one value of `axis` have one value of `other`, too. */
function settles(cells: readonly Cell[], axis: string, other: string): boolean {
  const pairs = distinct(cells.map((cell) => JSON.stringify([comparedValue(cell, axis), axisText(cell.axes[other])])))
  return pairs.length === distinct(cells.map((cell) => comparedValue(cell, axis))).length
}

function comparedAxis(varying: readonly Varying[], { cells, compare }: Plan): string {
  const separating = varying.filter(({ axis }) => separatesArms(axis))
  const treated = separating.filter(({ axis }) => compare?.treatment.includes(axis))
  const separate = treated.length > 0 ? treated : separating
  // One that goes along with another that has more values tells less: quantization, where each engine has its own.
  const arms = separate.filter(
    ({ axis, values }) =>
      !separate.some((other) => other.values.length > values.length && settles(cells, other.axis, axis)),
  )
  const known = preferred.find((name) => arms.some(({ axis }) => axis === name))
  const longest = arms.toSorted((a, b) => b.values.length - a.values.length)[0]?.axis
  if (known !== undefined || longest !== undefined) return known ?? longest ?? 'model'
  // Of one server its name tells more than that of the model that it is asked for.
  if (cells[0] !== undefined && asksServer(cells[0].config.backend)) return 'backend'
  return Object.keys(cells[0]?.axes ?? {}).find((axis) => axis === 'quantization') ?? 'model'
}

/** A name that is no axis of the file is its sole entry. */
function comparedValue({ axes, config }: Cell, axis: string): string {
  const text = axisText(axes[axis])
  if (text !== '') return text
  return axis === 'backend' ? config.backend.name : axis === 'model' ? config.model.name : ''
}

/** The same as it can stand in a sentence: a number says of what it is. */
function valueName(cell: Cell, axis: string, words: Words): string {
  return axis in cell.axes ? settingText(axis, cell.axes[axis], words) : comparedValue(cell, axis)
}

/** Where a kind has several workloads, each of them by name, in the order of the plan. */
function workloadPlaces(cells: readonly Cell[]): Map<string, { ordinal: number; name: string }> {
  const kinds = new Map<string, string[]>()
  for (const { kind, name } of cells.map((cell) => cell.config.workload))
    kinds.set(kind, distinct([...(kinds.get(kind) ?? []), name]))
  return new Map(
    [...kinds.values()].flatMap((names) =>
      names.map((name, ordinal) => [name, { ordinal, name: names.length > 1 ? name : '' }]),
    ),
  )
}

function settingText(axis: string, value: JsonValue | undefined, words: Words): string {
  if (axis === 'backend.threads' && typeof value === 'number') return words('axis.threads', { n: value })
  if (axis === 'load.clients' && typeof value === 'number') return words('axis.clients', { n: value })
  if (axis === 'load.ratePerSecond' && typeof value === 'number') return words('load.rate', { n: shownRate(value) })
  return [...preferred, 'workload'].includes(axis) ? axisText(value) : `${axis.split('.').at(-1)} ${axisText(value)}`
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(separator)
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
