import { extname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ensureArtifact } from '../artifact/ensure-artifact.ts'
import { resolveArtifact } from '../artifact/resolve-artifact.ts'
import type { ArtifactIdentity, Cell } from '../domain/cell.ts'
import type { Plan } from '../domain/plan.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { plain } from '../domain/plain.ts'
import { runPlan } from '../run/run-plan.ts'
import { setupChanges } from '../run/setup-changes.ts'
import { takeLock } from '../shell/named-lock.ts'
import { insertPlan } from '../store/insert-plan.ts'
import { readPlan } from '../store/read-plan.ts'
import { readLaunches } from '../store/launches.ts'
import { readManifests } from '../store/read-plan-data.ts'
import { readTrials } from '../store/read-trials.ts'
import { endSession, resumeSession, startSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { localTarget } from '../target/local.ts'
import { observeHost } from '../worker/observe-host.ts'
import { artifactFolders } from './expand-file.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { findLab } from './lab.ts'
import { storeFile } from './lab-store.ts'
import { progressLine } from './progress-lines.ts'
import { writeReport } from './report-command.ts'

export type RunnerOptions = { store: Store; options: CommonOptions; io: Io }

/** Runs plans on this machine, tells how far they are, and writes their reports. */
export class Runner {
  readonly #options: RunnerOptions
  readonly #interrupt: { soft: AbortSignal; hard: AbortSignal }

  constructor(options: RunnerOptions) {
    this.#options = options
    const { io } = options
    this.#interrupt = io.catchInterrupts()
    const tell = (text: string) => () => io.stderr(`${text}\n`)
    this.#interrupt.soft.addEventListener('abort', tell('finishing the current trial; Ctrl-C again stops it'))
    this.#interrupt.hard.addEventListener('abort', tell('stopping'))
  }

  /** Freezes a new plan and runs it. */
  begin(plan: Plan): Promise<ExitCode> {
    const { store } = this.#options
    insertPlan(store, plan)
    return this.#run(plan, () => startSession(store, { planId: plan.id, atMs: Date.now() }))
  }

  /** Goes on with a plan that is in the store; on another setup only where that is accepted. */
  async resume(planId: string, setup: 'same' | 'any'): Promise<ExitCode> {
    const { store } = this.#options
    if (setup === 'same') await checkSetup(store, planId)
    return this.#run(readPlan(store, planId), () => resumeSession(store, { planId, atMs: Date.now() }))
  }

  async #run(plan: Plan, session: () => number): Promise<ExitCode> {
    const { store } = this.#options
    const lock = await takeLock(`plan-${plan.id}`, `process ${process.pid}`, 0)
    if (lock.status === 'held')
      throw new UserError(
        `plan ${plan.id} is being run by ${lock.holder}: wait for it or stop it`,
        exitCodes.unavailable,
      )
    const sessionId = session()
    const status = await this.#measureIn(sessionId, plan)
    if (status === 'interrupted') return exitCodes.interrupted
    const failed = readTrials(store, plan.id).filter((trial) => trial.status === 'failed').length
    await this.#report(plan, failed)
    return failed > 0 ? exitCodes.trialsFailed : exitCodes.ok
  }

  /** Whatever stops it, the session says so, and the user is told how to go on. */
  async #measureIn(sessionId: number, plan: Plan): ReturnType<typeof runPlan> {
    let status: Awaited<ReturnType<typeof runPlan>> = 'interrupted'
    try {
      status = await this.#measure(plan, sessionId)
      return status
    } finally {
      if (status === 'interrupted') this.#say(`interrupted; go on with: benchbook run --resume ${plan.id}`)
      const session = status === 'complete' ? 'ended' : 'interrupted'
      endSession(this.#options.store, { sessionId, atMs: Date.now(), status: session })
    }
  }

  #measure(plan: Plan, sessionId: number): ReturnType<typeof runPlan> {
    const { store, options, io } = this.#options
    const worker = fileURLToPath(new URL(`../worker/main${extname(import.meta.url)}`, import.meta.url))
    return runPlan({
      store,
      plan,
      sessionId,
      target: localTarget({ spools: `${storeFile(options, io)}.spool`, worker: [process.execPath, worker] }),
      ensure: (cell) => this.#ensure(cell),
      onEvent: (event) => this.#say(progressLine(event)),
      interrupt: this.#interrupt,
      wait: (ms) => delay(ms),
      nowMs: () => Date.now(),
    })
  }

  /** The files of a cell's artifact, which are to be those that the plan was made with. */
  async #ensure({ artifact, config }: Cell): Promise<ArtifactIdentity> {
    const { io } = this.#options
    const { soft } = this.#interrupt
    const found = await resolveArtifact(config.artifact, artifactFolders(findLab(io.cwd), io), soft)
    const name = plain(found.path)
    if (found.digest !== artifact.digest)
      throw new UserError(
        `${name} is not what the plan was made with (sha256 ${found.digest.slice(0, 12)}, planned ${artifact.digest.slice(0, 12)}): put that back, or plan again`,
      )
    if (found.bytes === undefined) this.#say(`generating ${name}: random weights, only the first time`)
    return ensureArtifact(found, config.artifact, soft)
  }

  async #report(plan: Plan, failed: number): Promise<void> {
    const { store, options, io } = this.#options
    const { length: trials } = plan.launches.flatMap(({ cellIds }) => cellIds)
    if (failed > 0) this.#say(`${failed} of ${trials} trials failed: the report says why`)
    const remedy = `all is measured and kept; write the report elsewhere with: benchbook report ${plan.id} -o FILE`
    const path = await writeReport(store, plan.id, { io, remedy })
    if (options.json) printJson(io, { plan: plan.id, failed, report: path })
    else io.stdout(`${path}\n`)
  }

  #say(line: string): void {
    this.#options.io.stderr(`${line}\n`)
  }
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
