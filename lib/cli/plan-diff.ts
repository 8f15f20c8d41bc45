import type { Cell } from '../domain/cell.ts'
import type { JsonValue } from '../domain/json.ts'
import { type Metric, metrics } from '../domain/metric.ts'
import type { PlanData, TrialRow } from '../domain/plan-data.ts'
import { type CellValue, cellValue } from '../measure/cell-value.ts'

/** A field and what each of the two has of it; `undefined` where it has none. */
export type Difference = { field: string; a: string | undefined; b: string | undefined }

export type PlanDiff = {
  experiment: readonly Difference[]
  /** Of the axes of cells: the values that only one has. */
  axes: readonly { axis: string; onlyA: readonly string[]; onlyB: readonly string[] }[]
  onlyA: readonly CellName[]
  onlyB: readonly CellName[]
  /** Cells of equal axes that are not the same cell, and by which of their settings. */
  changed: readonly { axes: Cell['axes']; differences: readonly Difference[] }[]
  setups: readonly Difference[]
  artifacts: readonly Difference[]
  shared: readonly SharedCell[]
}
type CellName = { id: string; axes: Cell['axes'] }
export type SharedCell = CellName & { metrics: readonly SharedMetric[] }
/** `ratio` is b over a. */
export type SharedMetric = {
  metric: Metric
  a: CellValue | undefined
  b: CellValue | undefined
  ratio: number | undefined
}

/** What two plans have in common and what not. It says nothing of what a difference means. */
export function planDiff(a: PlanData, b: PlanData): PlanDiff {
  const [cellsA, cellsB] = [byId(a), byId(b)]
  const lonely = {
    a: a.plan.cells.filter(({ id }) => !cellsB.has(id)),
    b: b.plan.cells.filter(({ id }) => !cellsA.has(id)),
  }
  const changed = changedCells(lonely.a, lonely.b)
  const same = new Set(changed.map(({ axes }) => axesKey(axes)))
  const alone = (cells: readonly Cell[]) =>
    cells.filter(({ axes }) => !same.has(axesKey(axes))).map(({ id, axes }) => ({ id, axes }))
  return {
    experiment: differences(experimentFields(a), experimentFields(b)),
    axes: axisDifferences(a, b),
    onlyA: alone(lonely.a),
    onlyB: alone(lonely.b),
    changed,
    setups: differences(setupFields(a), setupFields(b)),
    artifacts: differences(artifactFields(a), artifactFields(b)),
    shared: a.plan.cells.filter(({ id }) => cellsB.has(id)).map((cell) => sharedCell(cell, a, b)),
  }
}

const byId = ({ plan }: PlanData) => new Map(plan.cells.map((cell) => [cell.id, cell]))
const textOf = (value: JsonValue | undefined) => (typeof value === 'string' ? value : JSON.stringify(value))
const axesKey = (axes: Cell['axes']) => JSON.stringify(Object.entries(axes).toSorted(([x], [y]) => (x < y ? -1 : 1)))

type Fields = ReadonlyMap<string, string>

function differences(a: Fields, b: Fields): Difference[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((field) => ({ field, a: a.get(field), b: b.get(field) }))
    .filter((difference) => difference.a !== difference.b)
}

function experimentFields({ plan }: PlanData): Fields {
  const { name, title, question = '', file, digest } = plan.experiment
  const fields = { name, title, question, file, 'text (sha256)': digest, blocks: String(plan.blocks) }
  return new Map(Object.entries(fields))
}

function axisDifferences(a: PlanData, b: PlanData): PlanDiff['axes'] {
  const [ofA, ofB] = [axisValues(a), axisValues(b)]
  return [...new Set([...ofA.keys(), ...ofB.keys()])].flatMap((axis) => {
    const [inA, inB] = [ofA.get(axis) ?? new Set<string>(), ofB.get(axis) ?? new Set<string>()]
    const onlyA = [...inA].filter((value) => !inB.has(value))
    const onlyB = [...inB].filter((value) => !inA.has(value))
    return onlyA.length + onlyB.length === 0 ? [] : [{ axis, onlyA, onlyB }]
  })
}

function axisValues({ plan }: PlanData): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>()
  for (const [axis, value] of plan.cells.flatMap((cell) => Object.entries(cell.axes)))
    values.set(axis, (values.get(axis) ?? new Set()).add(textOf(value)))
  return values
}

function changedCells(a: readonly Cell[], b: readonly Cell[]): PlanDiff['changed'] {
  const others = new Map(b.map((cell) => [axesKey(cell.axes), cell]))
  return a.flatMap((cell) => {
    const other = others.get(axesKey(cell.axes))
    if (other === undefined) return []
    return [{ axes: cell.axes, differences: differences(cellFields(cell), cellFields(other)) }]
  })
}

const cellFields = ({ config, artifact }: Cell): Fields =>
  new Map([...flat(config as unknown as JsonValue), ['artifact (sha256)', artifact.digest]])

/** Every value below, by its dotted path. */
function* flat(value: JsonValue | undefined, path = ''): Generator<[string, string]> {
  if (value === undefined) return
  if (typeof value !== 'object' || value === null) yield [path, textOf(value)]
  else for (const [key, below] of Object.entries(value)) yield* flat(below, path === '' ? key : `${path}.${key}`)
}

/** What the manifests of a plan say without the conditions; several values of its launches stand side by side. */
function setupFields({ manifests }: PlanData): Fields {
  const values = new Map<string, Set<string>>()
  for (const { manifest } of Object.values(manifests)) {
    const { conditions: _, engine, ...rest } = manifest
    const { artifact: __, ...engineFacts } = engine ?? { artifact: undefined }
    for (const [field, value] of flat({ ...rest, engine: engineFacts }))
      values.set(field, (values.get(field) ?? new Set()).add(value))
  }
  return new Map([...values].map(([field, of]) => [field, [...of].toSorted().join(' | ')]))
}

function artifactFields({ plan }: PlanData): Fields {
  return new Map(
    plan.cells.map(({ config, artifact }) => [`${config.model.name} ${config.quantization}`, artifact.digest]),
  )
}

function sharedCell({ id, axes }: Cell, a: PlanData, b: PlanData): SharedCell {
  const ofCell = ({ trials }: PlanData): TrialRow[] => trials.filter(({ cellId }) => cellId === id)
  const [trialsA, trialsB] = [ofCell(a), ofCell(b)]
  const found = (Object.keys(metrics) as Metric[]).flatMap((metric): SharedMetric[] => {
    const [valueA, valueB] = [cellValue(trialsA, metric), cellValue(trialsB, metric)]
    if (valueA === undefined && valueB === undefined) return []
    const ratio = valueA && valueB && valueA.value !== 0 ? valueB.value / valueA.value : undefined
    return [{ metric, a: valueA, b: valueB, ratio }]
  })
  return { id, axes, metrics: found }
}
