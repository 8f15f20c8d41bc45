import { separatesArms } from '../domain/axis.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Cell } from '../domain/cell.ts'
import type { Plan } from '../domain/plan.ts'

/** Two arms, named by what they are in cells. */
export type Arms = { base: string; against: string }

/** Two arms of one stratum, and their cells that answer the same question: of the same workload and load. */
export type ArmPair = {
  base: { arm: string; stratum: string }
  against: { arm: string; stratum: string }
  cells: readonly { base: Cell; against: Cell }[]
}

/** The arms that a plan compares: as it declares, else each with the first of its stratum. */
export function pairsOfPlan({ compare, cells }: Pick<Plan, 'compare' | 'cells'>): Arms[] {
  if (compare !== undefined) return [...compare.pairs]
  const strata = Map.groupBy(cells, ({ stratum }) => stratum).values()
  const pairs = [...strata].flatMap((ofStratum) => {
    const [base, ...others] = new Set(ofStratum.map(({ arm }) => arm))
    return base === undefined ? [] : others.map((against) => ({ base, against }))
  })
  return [...new Map(pairs.map((pair) => [canonicalJson(pair), pair])).values()]
}

/** Of each stratum that has cells of both arms, in the order of the plan. */
export function matchedArms(plan: Pick<Plan, 'compare' | 'cells'>, { base, against }: Arms): ArmPair[] {
  const strata = Map.groupBy(plan.cells, ({ stratum }) => stratum)
  return [...strata].flatMap(([stratum, cells]) => {
    const others = new Map(cells.filter(({ arm }) => arm === against).map((cell) => [questionOf(cell, plan), cell]))
    const matched = cells
      .filter(({ arm }) => arm === base)
      .flatMap((cell) => {
        const other = others.get(questionOf(cell, plan))
        return other === undefined ? [] : [{ base: cell, against: other }]
      })
    if (matched.length === 0) return []
    return [{ base: { arm: base, stratum }, against: { arm: against, stratum }, cells: matched }]
  })
}

/** The axes whose values make the arms. */
export function treatmentOf({ compare, cells }: Pick<Plan, 'compare' | 'cells'>): readonly string[] {
  return compare?.treatment ?? [...new Set(cells.flatMap(({ axes }) => Object.keys(axes).filter(separatesArms)))]
}

const questionOf = ({ axes }: Cell, plan: Pick<Plan, 'compare' | 'cells'>): string => {
  const treatment = treatmentOf(plan)
  return canonicalJson(Object.fromEntries(Object.entries(axes).filter(([axis]) => !treatment.includes(axis))))
}
