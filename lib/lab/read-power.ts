import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import { pilotPlans } from '../store/pilot-plans.ts'
import { readCompared } from '../store/read-compared.ts'
import type { Store } from '../store/store.ts'
import { comparePlan } from '../verdict/compare-plan.ts'
import { type PlannedPower, planPower } from '../verdict/plan-power.ts'
import type { Place } from './lab.ts'
import { planNamed } from './plan-named.ts'

export type PowerAsked = {
  /** A share: 0.03 is 3 %. */
  effect: number
  /** The plan to learn from, as a command line names one; else the last one of this experiment or of these cells. */
  pilot?: string | undefined
}
export type Power = { effect: number; pilot: string; comparisons: readonly PlannedPower[] }

/** So many plans are looked into for a pilot. */
const most = 10

/**
 * How many blocks each declared comparison of a plan needs to show an effect, by how much blocks varied in a plan that was measured
 * before, the pilot. Throws a `UserError` where nothing is declared, or where there is no pilot.
 */
export function readPower(
  made: Plan,
  { effect, pilot }: PowerAsked,
  { store, storeFile, place, file }: { store: Store | undefined; storeFile: string; place: Place; file: string },
): Power {
  const name = plain(file)
  if (made.compare !== undefined && made.compare.pairs.length === 0)
    throw new UserError(`--power is about a comparison, and of those of ${name} no pair of arms would run here`)
  if (made.compare === undefined)
    throw new UserError(
      `--power is about a comparison, and ${name} declares none: say what makes the arms, such as compare: { treatment: [quantization] }`,
    )
  const make = `make one with benchbook run ${name} --blocks 6, then ask again`
  if (store === undefined)
    throw new UserError(`--power needs a pilot, and there is no store at ${plain(storeFile)}: ${make}`)
  const ids = pilot === undefined ? pilotsOf(made, store) : [planNamed(store, pilot, place)]
  for (const id of ids) {
    const comparisons = powerBy(made, id, { store, effect })
    if (comparisons.some(({ kind }) => kind === 'planned')) return { effect, pilot: id, comparisons }
  }
  const lacking =
    pilot === undefined
      ? `--power needs a pilot, a plan of these cells with two valid blocks, and ${plain(store.file)} has none`
      : `--pilot: plan ${ids[0]} has no two valid blocks of what ${name} compares`
  throw new UserError(`${lacking}: ${make}`)
}

const pilotsOf = ({ experiment: { name }, cells }: Plan, store: Store) =>
  pilotPlans(store, { name, cellIds: cells.map(({ id }) => id), most })

/** The pilot is read as if it had declared what the new plan does. */
function powerBy(made: Plan, id: string, { store, effect }: { store: Store; effect: number }): PlannedPower[] {
  const compared = readCompared(store, id)
  const measured = new Set(compared.plan.cells.map((cell) => cell.id))
  const { seed, blocks } = compared.plan
  const cells = made.cells.filter((cell) => measured.has(cell.id))
  const plan: Plan = { ...made, id, seed, blocks, cells }
  return planPower(made, comparePlan({ ...compared, plan }), effect)
}
