import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { didYouMean } from '../domain/nearest.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { findPlan } from '../store/find-plan.ts'
import { listPlans } from '../store/list-plans.ts'
import type { Store } from '../store/store.ts'
import { experimentMeant } from './experiment-meant.ts'
import { findLab, type Place } from './lab.ts'
import { isExperimentFile, isOfPublished } from './published-files.ts'

/** The id of the plan that a user means: by `latest`, its id or the start of it, or by an experiment's file or name its last one. */
export function planNamed(store: Store, what: string, { cwd }: Place): string {
  if (!isExperimentFile(what)) return lastOfName(store, what) ?? findPlan(store, what)
  const file = relative(findLab(cwd).root, resolve(cwd, what)) // as a plan names it
  const found = listPlans(store).find((plan) => plan.file === file)
  if (found) return found.id
  const name = plain(what)
  requireFile(what, cwd, `, and no plan of it in ${store.file}`)
  if (isOfPublished(resolve(cwd, what)))
    throw new UserError(`${name} is of published results, of which there is no plan: benchbook report makes their page`)
  throw new UserError(`no plan of ${name} in ${store.file}: run it first, with benchbook run ${name}`)
}

/** The last plan of an experiment that is called so, unless ids begin so; throws a `UserError` where one is called nearly so. */
function lastOfName(store: Store, name: string): string | undefined {
  const plans = listPlans(store)
  if (name === 'latest' || plans.some(({ id }) => id.startsWith(name))) return undefined
  const found = plans.find((plan) => plan.name === name)
  if (found !== undefined) return found.id
  const near = didYouMean(
    name,
    plans.map((plan) => plan.name),
  )
  if (near === '') return undefined
  throw new UserError(`no plan and no experiment ${JSON.stringify(plain(name))} in ${store.file}${plain(near)}`)
}

/** Throws a `UserError` where an experiment file is not there, with the one that was most likely meant, of the lab or of the package. */
export function requireFile(file: string, cwd: string, besides = ''): void {
  if (existsSync(resolve(cwd, file))) return
  const meant = experimentMeant(file, findLab(cwd), cwd)
  const advice = meant === undefined ? '' : `, did you mean "${plain(meant)}"?`
  throw new UserError(`${plain(file)} is not there${besides}${advice}`)
}
