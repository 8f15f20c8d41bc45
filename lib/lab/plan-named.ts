import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { findPlan } from '../store/find-plan.ts'
import { listPlans } from '../store/list-plans.ts'
import type { Store } from '../store/store.ts'
import { findLab, type Place } from './lab.ts'

/** The id of the plan that a user means: by `latest`, its id or the start of it, or by an experiment file its last one. */
export function planNamed(store: Store, what: string, { cwd }: Place): string {
  if (!/\.(ya?ml|json)$/.test(what)) return findPlan(store, what)
  const file = relative(findLab(cwd).root, resolve(cwd, what)) // as a plan names it
  const found = listPlans(store).find((plan) => plan.file === file)
  if (found) return found.id
  const name = plain(what)
  if (!existsSync(resolve(cwd, what))) throw new UserError(`${name} is not there, and no plan of it in ${store.file}`)
  throw new UserError(`no plan of ${name} in ${store.file}: run it first, with benchbook run ${name}`)
}
