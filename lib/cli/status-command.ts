import { hostname } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { spoolFiles } from '../domain/spool-files.ts'
import { openLabStore, storeFile } from '../lab/lab-store.ts'
import { type SessionNow, sessionsNow } from '../lab/session-state.ts'
import { duration } from '../run/progress-lines.ts'
import { type Progress, ProgressReader } from '../run/progress.ts'
import { findPlan } from '../store/find-plan.ts'
import { listPlans } from '../store/list-plans.ts'
import { readSessions } from '../store/read-plan-data.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { LiveProgress } from './live-progress.ts'
import { leftText } from './progress-table.ts'

export type StatusOptions = CommonOptions & { watch?: true }

type State = 'running' | 'dead' | 'interrupted' | 'not begun' | 'complete'
type PlanNow = { plan: Plan; state: State; progress: Progress; session?: SessionNow }

const lookEveryMs = 1000

/** Says what runs now: of all plans, or of the one that is named; where nothing does, how to go on with the last. */
export async function status(id: string | undefined, options: StatusOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const found = id === undefined ? undefined : findPlan(store, id)
  const watched = (await sessionsNow(store)).find(
    ({ state, planId }) => state === 'running' && planId === (found ?? planId),
  )
  if (options.watch && watched) await watch(watched.planId, store, io)
  const plans = await plansNow(store, found ?? (options.watch ? watched?.planId : undefined))
  if (options.json) return printJson(io, { plans: plans.map((now) => toJson(now, logOf(now, options, io))) })
  if (plans.length === 0) return io.stdout(`no plan in ${store.file} yet: benchbook run <file> makes one\n`)
  const runs = plans.some(({ state }) => state === 'running')
  const head = runs || found !== undefined ? '' : `nothing runs in ${store.file}; the last plan:\n`
  io.stdout(head + plans.map((now) => planText(now, logOf(now, options, io))).join('\n'))
}

/** Follows a plan until its runner ends or dies. */
async function watch(planId: string, store: Store, io: Io): Promise<void> {
  const plan = readPlan(store, planId)
  const { terminal } = io
  const runs = async () =>
    (await sessionsNow(store)).some((session) => session.planId === planId && session.state === 'running')
  if (terminal) {
    using _ = new LiveProgress({ terminal, store, plan, from: 'later' })
    while (await runs()) await delay(lookEveryMs)
    return
  }
  const reader = new ProgressReader(store, plan)
  for (let told = ''; await runs(); await delay(lookEveryMs)) {
    const line = countsText(reader.read())
    if (line !== told) io.stderr(`${line}\n`)
    told = line
  }
}

/** The plans that run, or whose runner died; where there are none the last; or the one that is named. */
async function plansNow(store: Store, named: string | undefined): Promise<PlanNow[]> {
  const sessions = await sessionsNow(store)
  const alive = sessions.filter(({ state }) => state === 'running').map(({ planId }) => planId)
  const last = listPlans(store)[0]?.id
  const ids = named !== undefined ? [named] : alive.length > 0 ? alive : last === undefined ? [] : [last]
  return ids.map((planId) =>
    planNow(
      store,
      planId,
      sessions.find((session) => session.planId === planId),
    ),
  )
}

function planNow(store: Store, planId: string, session: SessionNow | undefined): PlanNow {
  const plan = readPlan(store, planId)
  const progress = new ProgressReader(store, plan).read()
  const open = progress.counts.open + progress.counts.running
  const begun = readSessions(store, planId).length > 0
  const state = session?.state ?? (open === 0 ? 'complete' : begun ? 'interrupted' : 'not begun')
  return { plan, state, progress, ...(session && { session }) }
}

function logOf({ progress }: PlanNow, options: StatusOptions, io: Io): string | undefined {
  const spool = progress.launch?.spool
  return spool && relative(io.cwd, join(`${storeFile(options, io)}.spool`, spool, spoolFiles.log))
}

function toJson({ plan, state, progress, session }: PlanNow, log: string | undefined): object {
  const { counts, trials, launch, left } = progress
  return {
    plan: plan.id,
    experiment: plan.experiment.name,
    state,
    session,
    trials: { all: trials, ...counts },
    leftMs: left?.ms,
    launch: launch && { id: launch.id, block: launch.block, arm: launch.arm, trial: launch.trial?.id, log },
  }
}

function planText(now: PlanNow, log: string | undefined): string {
  const { plan, state, progress, session } = now
  const { launch } = progress
  const isHere = session !== undefined && launch !== undefined
  const lines = [
    `${plain(plan.experiment.name)} (plan ${plan.id}): ${stateText(now)}`,
    ...(session ? [`  ${sessionText(session)}`] : []),
    `  ${countsText(progress)}${state === 'running' ? `; ${leftText(progress, Date.now())}` : ''}`,
    ...(isHere ? [`  launch ${launch.id}, block ${launch.block + 1}: ${launchText(progress)}`] : []),
    ...(isHere && log !== undefined ? [`  log: ${plain(log)} (benchbook logs launch:${launch.id} -f)`] : []),
    ...(state === 'running' ? [] : [`  ${goOn(now)}`]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

const stateText = ({ state }: PlanNow) => (state === 'dead' ? 'dead: its runner ended without a word' : state)

function sessionText({ sessionId, host, pid, startedAtMs, heartbeatMs }: SessionNow): string {
  const where = host === hostname() ? 'on this machine' : `on ${plain(host ?? 'an unknown machine')}`
  const since = new Date(startedAtMs).toISOString().slice(0, 16).replace('T', ' ')
  const beat = heartbeatMs === undefined ? '' : `; last sign of life ${ago(heartbeatMs)}`
  return `session ${sessionId}${pid === undefined ? '' : `, process ${pid} ${where}`}, since ${since} UTC${beat}`
}

// A clock that was set makes it lie in the future.
const ago = (ms: number) => `${duration(Math.max(0, Date.now() - ms))} ago`

function countsText({ counts, trials }: Progress): string {
  const ended = trials - counts.open - counts.running
  const doubts = [counts.failed && `${counts.failed} failed`, counts.invalid && `${counts.invalid} not to be used`]
  return [`${ended} of ${trials} trials`, ...doubts.filter(Boolean)].join(', ')
}

function launchText({ launch, cells }: Progress): string {
  const sinceMs = cells.find(({ runningSinceMs }) => runningSinceMs !== undefined)?.runningSinceMs
  if (launch?.trial === undefined || sinceMs === undefined) return 'getting ready'
  return `its trial ${launch.trial.id} runs for ${duration(Math.max(0, Date.now() - sinceMs))}`
}

function goOn({ state, plan, progress }: PlanNow): string {
  if (state !== 'complete') return `go on with: benchbook run --resume ${plan.id}`
  const retry =
    progress.counts.failed > 0 ? `, failed trials again: benchbook run --retry failed --resume ${plan.id}` : ''
  return `its report: benchbook report ${plan.id}${retry}`
}
