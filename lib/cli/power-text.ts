import { factsOf } from '../domain/metric.ts'
import { percent } from '../domain/percent.ts'
import { mostBlocks, type Plan } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import type { Power } from '../lab/read-power.ts'
import { duration } from '../run/progress-lines.ts'
import type { Need, PlannedPower } from '../verdict/plan-power.ts'
import { armText, marginOf } from './compared-text.ts'
import { shown } from './shown.ts'
import { textTable } from './text-table.ts'

/** How many milliseconds so many blocks take; `undefined` where nothing is known of it. */
type TimeOfBlocks = ((blocks: number) => number) | undefined

/**
 * How long a plan takes with another number of blocks, by how long it takes as it is: those between its first block and its last are
 * what it has more or fewer of, as a text is scored in these two alone. `timeOf`: of a part of its launches.
 */
export function blockTimes(plan: Plan, ms: number, timeOf: (part: Plan) => number | undefined): TimeOfBlocks {
  const { blocks, launches } = plan
  const between = launches.filter(({ block }) => block > 0 && block < blocks - 1)
  const inner = between.length === 0 ? 0 : timeOf({ ...plan, launches: between })
  if (inner === undefined) return undefined
  const each = blocks > 2 ? inner / (blocks - 2) : ms / blocks
  return (wanted) => ms + (wanted - blocks) * each
}

/** The share that `--power 3%` names. Throws a `UserError` for anything else. */
export function effectOf(text: string): number {
  const [, number] = /^\s*(\d{1,3}(?:\.\d{1,4})?)\s*%\s*$/.exec(text) ?? []
  const effect = Number((Number(number) / 100).toPrecision(12))
  if (effect > 0 && effect <= 1) return effect
  throw new UserError(
    `--power ${shown(text)}: say how large an effect is to be found, above 0 and up to 100%, such as 3%`,
  )
}

/** What each comparison needs, as a table for each pair of cells. */
export function powerText(
  { effect, pilot, comparisons }: Power,
  { plan, timeOfBlocks }: { plan: Plan; timeOfBlocks: TimeOfBlocks },
): string {
  const pairs = [...Map.groupBy(comparisons, ({ base, against }) => `${base} ${against}`).values()]
  const tables = pairs.map((some) => `\n${pairText(some[0] as PlannedPower, plan)}\n${tableOf(some, timeOfBlocks)}`)
  const seen = comparisons.flatMap((one) => (one.kind === 'planned' ? [one.pilotBlocks] : []))
  const unsure = Math.max(...seen.map((blocks) => 1 / Math.sqrt(2 * (blocks - 1))))
  return [
    `\nto find an effect of ${Number((100 * effect).toPrecision(3))} %, by pilot ${pilot} (${Math.min(...seen)} blocks: noise known to about ± ${percent(Math.round(unsure * 100) / 100)})\n`,
    ...tables,
    '\nnoise: the standard deviation of B / A from block to block\n',
    'found: the interval excludes no difference; beyond: it lies wholly beyond\n',
    '80 %, 95 %: of the experiments of that size\n',
  ].join('')
}

/** The same for programs: with how long so many blocks take. */
export function powerJson({ effect, pilot, comparisons }: Power, timeOfBlocks: TimeOfBlocks): object {
  const timed = (needs: readonly Need[]) =>
    needs.map((need) => ({
      ...need,
      ...(need.blocks !== undefined && timeOfBlocks && { ms: Math.round(timeOfBlocks(need.blocks)) }),
    }))
  return {
    effect,
    pilot,
    comparisons: comparisons.map((one) =>
      one.kind === 'planned'
        ? { ...one, found: timed(one.found), ...(one.beyond && { beyond: timed(one.beyond) }) }
        : one,
    ),
  }
}

/** `q4_0 against f16`, and what else tells these cells from others of the plan. */
function pairText({ base, against }: PlannedPower, { cells, compare }: Plan): string {
  const [a, b] = [base, against].map((id) => cells.find((cell) => cell.id === id)) as [
    Plan['cells'][number],
    Plan['cells'][number],
  ]
  const varies = (axis: string) => new Set(cells.map(({ axes }) => JSON.stringify(axes[axis]))).size > 1
  const others = Object.entries(a.axes)
    .filter(([axis]) => compare?.treatment.includes(axis) !== true && varies(axis))
    .map(([axis, value]) => `${axis} ${shown(value)}`)
  return [`${armText(b.arm)} against ${armText(a.arm)}`, ...others].join(', ')
}

function tableOf(some: readonly PlannedPower[], timeOfBlocks: TimeOfBlocks): string {
  const columns = ['metric', 'noise', 'to be shown', '80 %', '95 %'].map((head) => ({ head }))
  const rows = some.flatMap((one) => (one.kind === 'planned' ? rowsOf(one, timeOfBlocks) : []))
  const others = some.flatMap((one) => (one.kind === 'planned' ? [] : [`${one.metric}: ${unplanned[one.why]}\n`]))
  return [rows.length === 0 ? '' : textTable(columns, rows), ...others].join('')
}

type Planned = Extract<PlannedPower, { kind: 'planned' }>

function rowsOf(one: Planned, timeOfBlocks: TimeOfBlocks): string[][] {
  const { metric, margin, floor } = one
  const needs = (some: readonly Need[]) => some.map((need) => needText(need, timeOfBlocks))
  const beyond =
    floor === undefined ? `beyond ${marginOf(metric, margin)}` : `beyond the noise floor, ${marginOf(metric, floor)}`
  return [
    [metric, noiseText(one), 'found', ...needs(one.found)],
    ['', '', beyond, ...(one.beyond === undefined ? ['no: it is within'] : needs(one.beyond))],
  ]
}

const unplanned = {
  samples: 'decided by chunks or prompts: more blocks say no more',
  pilot: 'the pilot has no two blocks of it',
  'no-scale': 'a difference, of which a percentage says nothing',
} satisfies Record<Extract<PlannedPower, { kind: 'unplanned' }>['why'], string>

function noiseText({ metric, scale, deviation }: Planned): string {
  if (scale === 'ratio') return percent(Math.expm1(deviation))
  const { unit } = factsOf(metric)
  return `${Number(deviation.toPrecision(2))}${unit === '' ? '' : ` ${unit}`}`
}

function needText({ blocks }: Need, timeOfBlocks: TimeOfBlocks): string {
  if (blocks === undefined) return `over ${mostBlocks} blocks`
  return timeOfBlocks === undefined ? `${blocks} blocks` : `${blocks} blocks, ${duration(timeOfBlocks(blocks))}`
}
