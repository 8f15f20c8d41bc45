import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { quoted } from '../domain/quoted.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import type { Expanded } from '../experiment/expand.ts'
import { hasAutoRate } from '../experiment/resolve-rates.ts'
import { type ExpandOptions, expandFile } from './expand-file.ts'
import { findRates, type FindRatesOptions } from './find-rates.ts'
import type { Place } from './lab.ts'
import { requireKeys } from './missing-keys.ts'
import { makePlan, type PlanChoices } from './make-plan.ts'

export type PlanToRunOptions = ExpandOptions & PlanChoices

/** What a file declares, and its plan as it is before rates have been found. */
export type Declared = { expanded: Expanded; plan: Plan }

/**
 * Reads what a file declares. Throws a `UserError` for what is wrong with it, where nothing of it can run here, or where the key of
 * a server is not there.
 */
export async function declared(file: string, options: PlanToRunOptions, place: Place): Promise<Declared> {
  const expanded = await expandFile(file, options, place)
  return declaredOf(expanded, { options, command: commandOf(file, options), place, what: file })
}

type DeclaredOptions = {
  options: PlanChoices
  /** As a reader of the report would type it. */
  command: string
  place: Place
  /** The file that declares it. */
  what: string
}

/** The plan of what has been read. Throws a `UserError` where nothing of it can run here, or where the key of a server is not there. */
export async function declaredOf(
  expanded: Expanded,
  { options, command, place, what }: DeclaredOptions,
): Promise<Declared> {
  const plan = await makePlan(expanded, options, { command, place })
  if (plan.launches.length > 0) {
    requireKeys(plan.cells, place)
    return { expanded, plan }
  }
  const lacking = plan.skipped.filter(({ reason }) => reason !== 'excluded') // what the file leaves out itself lacks nothing
  const reasons = new Set((lacking.length > 0 ? lacking : plan.skipped).map(({ detail }) => detail))
  throw new UserError(
    `nothing of ${plain(what)} can run here, every cell is skipped:\n${[...reasons].map((each) => `  ${each}`).join('\n')}`,
    exitCodes.unavailable,
  )
}

/** Whether rates have to be found before it can be frozen. */
export const hasOpenRates = ({ plan }: Declared): boolean => plan.cells.some(({ config }) => hasAutoRate(config.load))

/** Freezes it; what it leaves to be found is found before. Rejects with `InterruptedProbe` where the user has no patience for that. */
export async function frozen(
  found: Declared,
  options: PlanToRunOptions,
  finding: Omit<FindRatesOptions, 'plan'>,
): Promise<Plan> {
  const { expanded, plan } = found
  if (!hasOpenRates(found)) return plan
  const { command } = plan
  return makePlan(await findRates(expanded, { ...finding, plan }), options, { command, place: finding.place })
}

/** What the user typed, as a reader of the report would type it: it makes a plan of the same cells, in an order of its own. */
function commandOf(
  file: string,
  { set, blocks, quick, rigorous, only = [], allowOutside, ignoreFit }: PlanToRunOptions,
): string {
  const flags = [
    blocks && `--blocks ${blocks}`,
    quick && '--quick',
    rigorous && '--rigorous',
    allowOutside && '--allow-outside',
    ignoreFit && '--ignore-fit',
  ].filter(Boolean)
  const words = [
    quoted(file),
    ...set.map((setting) => `--set ${quoted(setting)}`),
    ...only.map((one) => `--only ${quoted(one)}`),
    ...flags,
  ]
  return `benchbook run ${words.join(' ')}`
}
