import { asksServer } from '../domain/backend-config.ts'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Plan } from '../domain/plan.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { plain } from '../domain/plain.ts'
import type { RunEvent } from '../run/run-event.ts'
import { runPlan } from '../run/run-plan.ts'
import { InterruptedWait, waitForRoom } from '../run/wait-for-room.ts'
import { setupChanges } from '../run/setup-changes.ts'
import { keepAwake } from '../shell/keep-awake.ts'
import { ownProcessId } from '../shell/process-id.ts'
import { writeHeartbeat } from '../store/heartbeats.ts'
import { insertPlan } from '../store/insert-plan.ts'
import { readPlan } from '../store/read-plan.ts'
import { readLaunches } from '../store/launches.ts'
import { readManifests } from '../store/read-plan-data.ts'
import { endSession, keepCalibration, resumeSession, startSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { localTarget } from '../target/local.ts'
import { observeHost } from '../worker/observe-host.ts'
import { calibrateClient, calibrationWords } from './calibrate-client.ts'
import { ensureBase, ensureFiles } from './ensure-files.ts'
import { programsOf } from './find-program.ts'
import { findLab, type Place } from './lab.ts'
import { measureFloors } from './measure-floors.ts'
import { floorTexts } from './noise-floor-finding.ts'
import { requireKeys } from './missing-keys.ts'
import { namedFiles } from './named-files.ts'
import { lockPlan } from './plan-lock.ts'
import { workerCommand } from './worker-command.ts'

export type RunnerOptions = {
  store: Store
  /** The file of `store`: spools lie beside it. */
  file: string
  place: Place
  /** Aborted: finish the trial that runs; stop at once. */
  interrupt: { soft: AbortSignal; hard: AbortSignal }
  onEvent: (event: RunEvent) => void
  /** What one launch lacks fails its trials, and the others run. */
  keepGoing?: boolean
  /** Told what is no event of the run, in one line; `afterwards`: what is to be read when all has ended. */
  say: (line: string, when?: 'afterwards') => void
}
export type RunOutcome = { plan: Plan; status: 'complete' | 'interrupted' }

/** Whether another setup is accepted, and whether what has failed runs once more. */
export type ResumeOptions = { setup: 'same' | 'any'; retryFailed?: boolean }

/** Runs plans on this machine, and tells how far they are. */
export class Runner {
  readonly #options: RunnerOptions

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Freezes a new plan and runs it. */
  begin(plan: Plan): Promise<RunOutcome> {
    const { store } = this.#options
    return this.#run(plan, () => {
      insertPlan(store, plan)
      return startSession(store, { planId: plan.id, atMs: Date.now() })
    })
  }

  /** Goes on with a plan that is in the store; on another setup only where that is accepted. */
  async resume(planId: string, { setup, retryFailed = false }: ResumeOptions): Promise<RunOutcome> {
    const { store } = this.#options
    requireKeys(readPlan(store, planId).cells, this.#options.place)
    if (setup === 'same') await checkSetup(store, planId)
    const session = () => resumeSession(store, { planId, atMs: Date.now() })
    return this.#run(readPlan(store, planId), session, retryFailed)
  }

  async #run(plan: Plan, session: () => number, retryFailed = false): Promise<RunOutcome> {
    using _ = await lockPlan(plan)
    return { plan, status: await this.#measureIn(session(), plan, retryFailed) }
  }

  /** Whatever stops it, the session says so, and the user is told how to go on. */
  async #measureIn(sessionId: number, plan: Plan, retryFailed: boolean): ReturnType<typeof runPlan> {
    const { store, say } = this.#options
    using _ = keepAwake(plain(`measuring ${plan.experiment.name}`))
    const heartbeat = startHeartbeat(store, sessionId)
    let status: Awaited<ReturnType<typeof runPlan>> = 'interrupted'
    try {
      await this.#calibrate(plan, sessionId)
      status = await this.#measure(plan, sessionId, retryFailed)
      if (status === 'complete') await this.#whenRoom(() => this.#tellFloors(plan))
      return status
    } finally {
      clearInterval(heartbeat)
      if (status === 'interrupted') say(`interrupted; go on with: benchbook run --resume ${plan.id}`, 'afterwards')
      const session = status === 'complete' ? 'ended' : 'interrupted'
      await this.#whenRoom(() => endSession(store, { sessionId, atMs: Date.now(), status: session }))
    }
  }

  /** What A/A launches say of this target is kept for later plans. */
  #tellFloors({ id }: Plan): void {
    const { store, say } = this.#options
    for (const text of floorTexts(measureFloors(store, id))) say(`noise floor: ${text}`, 'afterwards')
  }

  /** Before servers are asked, what the client adds by itself; again whenever a session goes on. */
  async #calibrate(plan: Plan, sessionId: number): Promise<void> {
    const { store, say, interrupt } = this.#options
    if (!plan.cells.some(({ config }) => asksServer(config.backend))) return
    const calibration = await calibrateClient(interrupt.soft)
    if (interrupt.soft.aborted) return
    if (calibration === undefined)
      return say('client: could not be calibrated; `benchbook doctor` looks at this machine')
    await this.#whenRoom(() => keepCalibration(store, { sessionId, calibration }))
    say(`client: ${calibrationWords(calibration)}`)
  }

  /** What cannot be written for want of room is missing: a session that was not ended can be resumed like one whose runner was killed. */
  async #whenRoom(work: () => void): Promise<void> {
    const { interrupt, onEvent } = this.#options
    try {
      await waitForRoom(work, { soft: interrupt.soft, wait: (ms) => delay(ms), onEvent })
    } catch (error) {
      if (!(error instanceof InterruptedWait)) throw error
    }
  }

  #measure(plan: Plan, sessionId: number, retryFailed: boolean): ReturnType<typeof runPlan> {
    const { store, file, place, interrupt, onEvent, say, keepGoing = false } = this.#options
    return runPlan({
      store,
      plan,
      sessionId,
      target: localTarget({ spools: `${file}.spool`, worker: workerCommand() }),
      ensure: (cell) => ensureFiles(cell, { place, signal: interrupt.soft, say }),
      ensureBase: (cell) => ensureBase(cell, { place, signal: interrupt.soft, say }),
      files: (cell) => namedFiles(cell, findLab(place.cwd)),
      programs: (cell) => programsOf(cell, place),
      onEvent,
      interrupt,
      wait: (ms) => delay(ms),
      nowMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      retryFailed,
      keepGoing,
    })
  }
}

const heartbeatMs = 5000

/** Says every few seconds who runs a session. One that cannot be written is missed, and no reason to stop measuring. */
function startHeartbeat(store: Store, sessionId: number): NodeJS.Timeout {
  const { pid, startTicks } = ownProcessId()
  const runner = { host: hostname(), pid, ...(startTicks !== undefined && { pidStart: startTicks }) }
  const beat = () => {
    try {
      writeHeartbeat(store, { sessionId, atMs: Date.now(), ...runner })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
    }
  }
  beat()
  return setInterval(beat, heartbeatMs).unref()
}

async function checkSetup(store: Store, planId: string): Promise<void> {
  // The last that was accepted.
  const digest = readLaunches(store, planId).findLast(
    ({ manifestDigest }) => manifestDigest !== undefined,
  )?.manifestDigest
  const before = digest === undefined ? undefined : readManifests(store, planId)[digest]
  if (before === undefined) return
  const changes = setupChanges(before.manifest, await observeHost())
  if (changes.length > 0)
    throw new UserError(
      `this is not the setup that plan ${planId} was begun on: ${changes.map(plain).join('; ')}. Plan again, or go on with --accept-setup`,
      exitCodes.unavailable,
    )
}
