import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { quoted } from '../domain/quoted.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { type ExpandOptions, expandFile } from './expand-file.ts'
import type { Place } from './lab.ts'
import { makePlan, type PlanChoices } from './make-plan.ts'

export type PlanToRunOptions = ExpandOptions & PlanChoices

/** Freezes what a file declares. Throws a `UserError` where nothing of it can run here, or for what is wrong with the file. */
export async function planToRun(file: string, options: PlanToRunOptions, place: Place): Promise<Plan> {
  const plan = await makePlan(await expandFile(file, options, place), options, commandOf(file, options))
  if (plan.launches.length > 0) return plan
  const reasons = [...new Set(plan.skipped.map(({ detail }) => detail))].join('; ')
  throw new UserError(
    `nothing of ${plain(file)} can run here, every cell is skipped: ${reasons}`,
    exitCodes.unavailable,
  )
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
