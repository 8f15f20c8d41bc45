import type { ArtifactIdentity, Cell } from '../domain/cell.ts'
import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import { kneeGoodput, type Objectives, type Plan, type Probe } from '../domain/plan.ts'
import type { Invalidity, SpoolRecord, TrialEnd } from '../domain/record.ts'
import type { Target } from '../domain/target.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { deriveTrial } from '../measure/derive-trial.ts'
import { meets } from '../measure/goodput.ts'
import type { Tried } from './find-knee.ts'
import { type Followed, followLaunch } from './follow-launch.ts'
import { launchSpecOf } from './launch-spec.ts'
import type { RunEvent } from './run-event.ts'

export type ProbeContext = {
  target: Target
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

const late = new Set<Invalidity['reason']>(['client-late', 'client-busy'])

/**
 * Measures one rate in a launch of its own, like those that a plan has, and keeps nothing. It ends early once so many requests
 * have missed that the rest cannot make it good. Throws a `UserError` for what would keep every rate from being measured.
 */
export async function probeRate({ plan, artifact, files }: ProbePlan, context: ProbeContext): Promise<Tried> {
  const { target, onEvent, interrupt, wait } = context
  const cell = plan.cells[0] as Cell
  const spec = launchSpecOf({ plan, launch: launchRow(plan), trials: [trialRow(cell)], artifact, files })
  const spool = await target.put(spec)
  const seen = new Watch(cell, plan.objectives)
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

/** So few may be an accident: the probe goes on to its end, which says whether it was valid. */
const fewMisses = 2

/** Takes in what comes of a probe. */
class Watch {
  readonly #cell: Cell
  readonly #objectives: Objectives
  readonly #expected: number
  readonly #hopeless = new AbortController()
  readonly #requests: RequestTimeline[] = []
  #missed = 0
  #failure: string | undefined
  #invalid: readonly Invalidity[] = []
  end: TrialEnd | undefined

  constructor(cell: Cell, objectives: Objectives) {
    const { load } = cell.config
    this.#cell = cell
    this.#objectives = objectives
    this.#expected = 'requests' in load ? load.requests : Number.POSITIVE_INFINITY
  }

  /** Aborted when the rest cannot make it good. */
  get hopeless(): AbortSignal {
    return this.#hopeless.signal
  }

  take(records: readonly SpoolRecord[]): void {
    for (const record of records) {
      if (record.kind === 'request' && record.phase === 'measured' && !isStopped(record)) this.#takeRequest(record)
      if (record.kind === 'trial-ended') {
        this.end = record.end
        this.#invalid = record.invalid
      }
    }
  }

  #takeRequest(request: RequestTimeline): void {
    const { outcome } = request
    this.#requests.push(request)
    if (outcome.status === 'failed') this.#failure ??= `${outcome.reason}: ${outcome.detail}`
    if (!meets(request, this.#objectives)) this.#missed += 1
    if (this.#missed > Math.max(fewMisses, (1 - kneeGoodput) * this.#expected)) this.#hopeless.abort()
  }

  get requests(): number {
    return this.#requests.length
  }

  tried(): Tried {
    const { load } = this.#cell.config
    const metrics = deriveTrial({ requests: this.#requests, memory: [], load, objectives: this.#objectives })
    const goodput = metrics.goodput_share?.value ?? 0
    const { ttft_ms, tpot_ms } = metrics
    const probe: Probe = {
      ratePerSecond: 'ratePerSecond' in load ? (load.ratePerSecond as number) : 0,
      goodput,
      requests: this.#requests.length,
      ...(ttft_ms?.median !== undefined && { ttftMs: ttft_ms.median }),
      ...(tpot_ms?.median !== undefined && { tpotMs: tpot_ms.median }),
      ...(this.#invalid.length > 0 && { invalid: [...new Set(this.#invalid.map(({ reason }) => reason))].join(', ') }),
    }
    const isLate = this.#invalid.some(({ reason }) => late.has(reason))
    const verdict = isLate ? 'client' : goodput >= kneeGoodput ? 'good' : 'missed'
    return { probe, verdict, ...(this.#failure !== undefined && { failure: this.#failure }) }
  }
}

/** Its own end took it along: neither good nor missed. */
const isStopped = ({ outcome }: RequestTimeline) => outcome.status === 'failed' && outcome.reason === 'stopped'

/** Where nothing was answered at all, no other rate will be. */
function throwIfUnable(followed: Followed, { end, requests }: Watch): void {
  if (followed.status === 'refused') throw unable(`${followed.detail}: wait for it or stop it`)
  if (requests > 0) return
  if (followed.status === 'failed' || followed.status === 'lost') throw unable(followed.detail)
  if (end?.status === 'failed') throw unable(`${end.reason}: ${end.detail}`)
}

const unable = (detail: string) => new UserError(`no rate could be tried: ${detail}`, exitCodes.unavailable)
