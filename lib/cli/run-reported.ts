import { setTimeout as delay } from 'node:timers/promises'
import type { Plan } from '../domain/plan.ts'
import { type ExitCode, exitCodes } from '../domain/user-error.ts'
import { buildReport } from '../lab/build-report.ts'
import { storeFile } from '../lab/lab-store.ts'
import { Runner, type RunOutcome } from '../lab/runner.ts'
import { progressLine } from '../run/progress-lines.ts'
import type { RunEvent } from '../run/run-event.ts'
import { InterruptedWait, waitForRoom } from '../run/wait-for-room.ts'
import { writeIndex } from '../lab/write-index.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import { abortWith } from '../shell/abort-with.ts'
import { readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'
import { doubtsText } from './doubts.ts'
import type { CommonOptions, Io } from './io.ts'
import { writeOutput } from './output.ts'
import { RunTeller } from './run-teller.ts'
import type { ToldRuns } from './told-runs.ts'
import { toldVerdicts, verdictLines } from './told-verdicts.ts'

export type ReportedRun = {
  store: Store
  options: CommonOptions & { keepGoing?: true }
  io: Io
  told: ToldRuns
  /** Ctrl-C: once, twice. */
  keys: ReturnType<Io['catchInterrupts']>
}

/** What runs a plan for the command line: progress and interrupts are told on standard error. */
export function runnerFor(
  { store, options, io, keys }: Omit<ReportedRun, 'told'>,
  maxTimeMs?: number,
): Pick<Runner, 'begin' | 'resume'> {
  const teller = new RunTeller(store, io)
  const say = (line: string, when?: 'afterwards') => teller.say(line, when)
  const interrupt = { ...keys, soft: softSignal(keys.soft, maxTimeMs, () => teller.sayOfRun(timeIsUp)) }
  keys.soft.addEventListener('abort', () => teller.sayOfRun('finishing the current trial; Ctrl-C again stops it'))
  keys.hard.addEventListener('abort', () => teller.sayOfRun('stopping'))
  const onEvent = (event: RunEvent) => teller.onEvent(event)
  const runner = new Runner({
    store,
    file: storeFile(options, io),
    place: io,
    interrupt,
    onEvent,
    say,
    keepGoing: options.keepGoing === true,
  })
  return {
    begin: (plan) => teller.around(() => runner.begin(plan)),
    resume: (...plan) => teller.around(() => runner.resume(...plan)),
  }
}

const timeIsUp = 'the time of --max-time is up: finishing the current trial'

/** Aborted by Ctrl-C, or when a time is up. */
function softSignal(keys: AbortSignal, maxTimeMs: number | undefined, onTimeUp: () => void): AbortSignal {
  if (maxTimeMs === undefined) return keys
  const either = new AbortController()
  abortWith(either, keys)
  const timeUp = () => {
    either.abort()
    onTimeUp()
  }
  setTimeout(timeUp, Math.min(maxTimeMs, 2 ** 31 - 1)).unref() // it takes no more than 31 bits
  return either.signal
}

/** Writes the report of a plan that is complete, and says how its run ended. */
export async function reportRun({ plan, status }: RunOutcome, run: ReportedRun): Promise<ExitCode> {
  if (status === 'interrupted') return exitCodes.interrupted
  const { store, io, options } = run
  const used = readTrials(store, plan.id).filter(({ unused }) => unused === undefined)
  const failed = used.filter((trial) => trial.status === 'failed').length
  const { length: trials } = plan.launches.flatMap(({ cellIds }) => cellIds)
  if (failed > 0) io.stderr(`${failed} of ${trials} trials failed: the report says why\n`)
  io.stderr(doubtsText(used))
  const path = await writeReport(plan, run)
  const verdicts = await toldVerdicts(store, plan, io)
  io.stderr(verdictLines(verdicts, plan.id))
  if (options.json)
    run.told.tell({ plan: plan.id, failed, report: path, ...(plan.compare !== undefined && { verdicts }) })
  else io.stdout(`${path}\n`)
  if (failed === 0) return exitCodes.ok
  return used.every(neverRan) ? exitCodes.unavailable : exitCodes.trialsFailed
}

/** Failed for what its launch lacked, which only a run that keeps going goes on after. */
const neverRan = ({ status, reason }: TrialRow) =>
  status === 'failed' && (reason === 'artifact-missing' || reason === 'refused')

/** Where the disk is full it waits for room, until it is interrupted; then the error says what to do. */
async function writeReport(plan: Plan, { store, io, keys: { soft } }: ReportedRun): Promise<string> {
  const { text, path } = await buildReport(store, plan.id, io)
  const remedy = `all is measured and kept; write the report elsewhere with: benchbook report ${plan.id} -o FILE`
  const write = () => writeOutput({ path, remedy }, [text], io)
  const onEvent = (event: RunEvent) => io.stderr(`${progressLine(event)}\n`)
  await waitForRoom(write, { soft, wait: delay, onEvent }).catch((error: unknown) =>
    error instanceof InterruptedWait ? write() : Promise.reject(error as Error),
  )
  await writeIndex(store, io)
  return path
}
