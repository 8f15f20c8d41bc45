import type { NoiseFloor } from '../domain/noise-floor.ts'
import { keepNoiseFloors } from '../store/noise-floors.ts'
import { readCompared } from '../store/read-compared.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'
import { comparePlan } from '../verdict/compare-plan.ts'
import { measuredFloors } from '../verdict/floor-places.ts'

/** Derives what the A/A launches of a plan say of its target, and keeps it; of a plan without any nothing is read. */
export function measureFloors(store: Store, planId: string): NoiseFloor[] {
  if (!readPlan(store, planId).launches.some(({ role }) => role === 'twin')) return []
  const compared = readCompared(store, planId)
  const floors = measuredFloors(compared, comparePlan(compared).twins)
  keepNoiseFloors(store, planId, floors)
  return floors
}
