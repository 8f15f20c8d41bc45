import type { ArtifactIdentity, Cell } from '../domain/cell.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Objectives, Plan } from '../domain/plan.ts'
import type { SpoolRecord } from '../domain/record.ts'
import type { Target } from '../domain/target.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import type { Tried } from './find-knee.ts'
import { type Followed, followLaunch } from './follow-launch.ts'
import { launchSpecOf } from './launch-spec.ts'
import { ProbeWatch } from './probe-watch.ts'
import type { RunEvent } from './run-event.ts'

export type ProbeContext = {
  target: Target
  /** This process: what it tries ends with it. */
  owner: NonNullable<LaunchSpec['owner']>
  onEvent: (event: RunEvent) => void
  /** Aborted: nothing is to be found any more. */
  interrupt: AbortSignal
  wait: (ms: number) => Promise<void>
}
/** A plan of one launch with one trial, at the rate that is tried, and the files that it needs. */
export type ProbePlan = {
  plan: Plan & { objectives: Objectives }
  artifact: ArtifactIdentity
  /** By the name that the cell has for each. */
  files: Readonly<Record<string, string>>
  programs?: Readonly<Record<string, string>>
}

/** The user wants no rate any more. */
export class InterruptedProbe extends Error {
  override readonly name = 'InterruptedProbe'
}

/**
 * How many requests a probe sends: as many as come in 10 s; at least 100, for as long as that does not take more than 30 s; and
 * no fewer than 5. They are counted and not timed, since the end of a duration would cut off the slow ones.
 */
export const probeRequests = (ratePerSecond: number): number =>
  Math.max(Math.round(10 * ratePerSecond), Math.min(100, Math.round(30 * ratePerSecond)), 5)

/**
 * Measures one rate in a launch of its own, like those that a plan has, and keeps nothing. It ends early once so many requests
 * have missed, or waited for a client, that the rest cannot make it good. Throws a `UserError` for what would keep every rate from
 * being measured.
 */
export async function probeRate(
  { plan, artifact, files, programs = {} }: ProbePlan,
  context: ProbeContext,
): Promise<Tried> {
  const { target, owner, onEvent, interrupt, wait } = context
  const cell = plan.cells[0] as Cell
  const { keepStreams: _, ...keepingNothing } = plan
  const spec = launchSpecOf({
    plan: keepingNothing,
    launch: launchRow(plan),
    trials: [trialRow(cell)],
    artifact,
    files,
    programs,
  })
  const spool = await target.put({ ...spec, owner })
  const seen = new ProbeWatch(cell, plan.objectives)
  const commit = async (records: readonly SpoolRecord[]) => seen.take(records)
  const hard = AbortSignal.any([interrupt, seen.hopeless])
  const options = { target, spool, offset: 0, commit, onEvent, interrupt: { soft: hard, hard }, wait }
  const followed = await followLaunch(options)
  if (interrupt.aborted) throw new InterruptedProbe()
  throwIfUnable(followed, seen)
  return seen.tried()
}

const launchRow = ({ launches: [first] }: Plan): LaunchRow => {
  const { block, arm, stratum, device } = first as Plan['launches'][number]
  return { id: 1, ordinal: 0, block, arm, stratum, device, attempt: 1, status: 'running', spoolOffset: 0 }
}
const trialRow = ({ id }: Cell): TrialRow => ({
  id: 1,
  launchId: 1,
  cellId: id,
  block: 0,
  status: 'pending',
  invalid: [],
  metrics: {},
})

/** Where nothing was answered at all, or nothing that an objective can be held to, no other rate will be. */
function throwIfUnable(followed: Followed, { end, requests, uncountable }: ProbeWatch): void {
  if (followed.status === 'refused') throw unable(`${followed.detail}: wait for it or stop it`)
  if (uncountable > 0) throw new UserError(withoutTokens(uncountable), exitCodes.unavailable)
  if (requests.length > 0) return
  if (followed.status === 'failed' || followed.status === 'lost') throw unable(followed.detail)
  if (end?.status === 'failed') throw unable(`${end.reason}: ${end.detail}`)
}

const withoutTokens = (answers: number) =>
  `tpot_ms cannot be told: none of ${answers} answers had tokens that can be counted, as the server says no usage: name the model's tokenizer in backend.tokenizer, or leave tpot_ms out of the objectives`
const unable = (detail: string) => new UserError(`no rate could be tried: ${detail}`, exitCodes.unavailable)
