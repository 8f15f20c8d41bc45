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

/** Milliseconds that a block takes; `undefined` where nothing is known of it. */
type BlockMs = number | undefined

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
  { plan, blockMs }: { plan: Plan; blockMs: BlockMs },
): string {
  const pairs = [...Map.groupBy(comparisons, ({ base, against }) => `${base} ${against}`).values()]
  const tables = pairs.map((some) => `\n${pairText(some[0] as PlannedPower, plan)}\n${tableOf(some, blockMs)}`)
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
export function powerJson({ effect, pilot, comparisons }: Power, blockMs: BlockMs): object {
  const timed = (needs: readonly Need[]) =>
    needs.map((need) => ({
      ...need,
      ...(need.blocks !== undefined && blockMs && { ms: Math.round(need.blocks * blockMs) }),
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

function tableOf(some: readonly PlannedPower[], blockMs: BlockMs): string {
  const columns = ['metric', 'noise', 'to be shown', '80 %', '95 %'].map((head) => ({ head }))
  const rows = some.flatMap((one) => (one.kind === 'planned' ? rowsOf(one, blockMs) : []))
  const others = some.flatMap((one) => (one.kind === 'planned' ? [] : [`${one.metric}: ${unplanned[one.why]}\n`]))
  return [rows.length === 0 ? '' : textTable(columns, rows), ...others].join('')
}

type Planned = Extract<PlannedPower, { kind: 'planned' }>

function rowsOf(one: Planned, blockMs: BlockMs): string[][] {
  const { metric, margin, floor } = one
  const needs = (some: readonly Need[]) => some.map((need) => needText(need, blockMs))
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

function needText({ blocks }: Need, blockMs: BlockMs): string {
  if (blocks === undefined) return `over ${mostBlocks} blocks`
  return blockMs === undefined ? `${blocks} blocks` : `${blocks} blocks, ${duration(blocks * blockMs)}`
}
