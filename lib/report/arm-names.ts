import { separatesArms } from '../domain/axis.ts'
import type { Cell } from '../domain/cell.ts'
import type { Plan } from '../domain/plan.ts'
import type { ArmComparison } from '../domain/verdict.ts'
import { axisText, settingsText } from './comparison.ts'
import type { Words } from './words.ts'

/** What the two arms of a comparison are called: `base` is A. */
export type ComparedNames = {
  base: string
  against: string
  /** What a cell of them is asked, where several are asked different things: `chat · 4 clients`; else empty. */
  cell?: (cellId: string) => string
}

/** The arms by what they differ in (`fp16`, `awq`; `1 thread`, `2 threads`), a twin by what it is; and the settings that both have. */
export function armNames(
  plan: Pick<Plan, 'cells'>,
  { base, against }: Pick<ArmComparison, 'base' | 'against'>,
  words: Words,
): ComparedNames & { place: string } {
  const [a, b] = [base, against].map((side) => axesOf(plan, side)) as [Cell['axes'], Cell['axes']]
  const axes = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const differing = axes.filter((axis) => axisText(a[axis]) !== axisText(b[axis]))
  const shared = axes.filter((axis) => !differing.includes(axis) && varies(plan, axis))
  const named = (all: Cell['axes'], picked: readonly string[]) =>
    settingsText(Object.fromEntries(picked.flatMap((axis) => (axis in all ? [[axis, all[axis] ?? null]] : []))), words)
  const cell = (cellId: string) => askedName(plan, cellId, words)
  if (differing.length > 0)
    return { base: named(a, differing), against: named(b, differing), place: named(a, shared), cell }
  const name =
    named(
      a,
      axes.filter((axis) => varies(plan, axis)),
    ) || named(a, axes)
  return { base: name, against: words('verdict.twin', { name }), place: '', cell }
}

/** `q4_0 against f16`, with the settings that both have: `q4_0 against f16, 1 thread`. */
export function pairTitle({ base, against, place }: ComparedNames & { place: string }, words: Words): string {
  return words(place === '' ? 'verdict.title' : 'verdict.title-on', { base, against, place })
}

/** What makes the arm of a cell: neither what is asked nor when. */
function axesOf({ cells }: Pick<Plan, 'cells'>, { arm, stratum }: ArmComparison['base']): Cell['axes'] {
  const own =
    cells.find((cell) => cell.arm === arm && cell.stratum === stratum) ?? cells.find((cell) => cell.arm === arm)
  return Object.fromEntries(Object.entries(own?.axes ?? {}).filter(([axis]) => separatesArms(axis)))
}

const varies = ({ cells }: Pick<Plan, 'cells'>, axis: string) =>
  new Set(cells.map(({ axes }) => axisText(axes[axis]))).size > 1

/** What a cell of a comparison is asked, where several are asked different things: `chat · 4 clients`; else empty. */
export function askedName(plan: Pick<Plan, 'cells'>, cellId: string, words: Words): string {
  const own = plan.cells.find(({ id }) => id === cellId)?.axes ?? {}
  const asked = Object.entries(own).filter(([axis]) => !separatesArms(axis) && varies(plan, axis))
  return settingsText(Object.fromEntries(asked), words)
}
