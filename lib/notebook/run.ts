import { storeFile } from '../lab/lab-store.ts'
import type { frozen } from '../lab/plan-to-run.ts'
import type { Runner } from '../lab/runner.ts'
import type { Plan } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import { Interrupted, interruptible } from './interruptible.ts'
import { display } from './kernel.ts'
import type { NotebookPlan } from './notebook-plan.ts'
import { NotebookStore } from './notebook-store.ts'
import { notebookPlace } from './place.ts'
import { ProgressDisplay, type RunProgress } from './progress-display.ts'
import { NotebookError, toldLater } from './told.ts'

export type RunChoice = {
  /** Stops the run, as "Interrupt" does: it can be resumed. */
  signal?: AbortSignal
  /** Told after every step, beside the progress that the notebook shows. */
  onProgress?: (progress: RunProgress) => void
  /** Another store than the lab's. */
  store?: string
}
export type FileChoice = RunChoice & {
  /** One block: a look, no verdict. Or this many blocks, instead of what the file says. */
  quick?: boolean
  blocks?: number
  /** Settings of every cell, as `--set`: `['load.requests=1']`. */
  set?: readonly string[]
}
export type ResumeChoice = RunChoice & {
  /** Go on although the machine or benchbook are not what the plan was begun on. */
  acceptSetup?: boolean
}
export type NotebookRun = {
  status: 'complete' | 'interrupted'
  plan: NotebookPlan
  /** Trials that failed. */
  failed: number
}

/**
 * Measures what an experiment file declares; the file is named as seen from the lab. Progress is shown while it runs. "Interrupt"
 * stops it at once and keeps what was measured: `resume` goes on.
 *
 * @example
 * const { plan } = await run('experiments/quickstart.yaml', { quick: true, set: ['load.requests=3'] })
 * @throws {NotebookError} what is wrong with the file, or with the machine to run it on.
 */
export function run(file: string, choice: FileChoice = {}): Promise<NotebookRun> {
  return measured(choice, async (finding, runner) => runner.begin(await planOf(file, choice, finding)))
}

/**
 * Goes on with a plan: the latest, or the one named by its id, the start of it, or its file. One that is complete stays so.
 *
 * @example
 * const { plan, status } = await resume()
 */
export function resume(plan = 'latest', choice: ResumeChoice = {}): Promise<NotebookRun> {
  return measured(choice, (_, runner, store) =>
    runner.resume(store.plan(plan).id, { setup: choice.acceptSetup === true ? 'any' : 'same' }),
  )
}

type Finding = Parameters<typeof frozen>[2]
type Measuring = (finding: Finding, runner: Runner, store: NotebookStore) => ReturnType<Runner['begin']>

// A cell that is interrupted twice has ended before what it started has: the next waits for it.
let last: Promise<unknown> = Promise.resolve()

function measured(choice: RunChoice, measure: Measuring): Promise<NotebookRun> {
  const before = last
  const running = toldLater(() =>
    interruptible(async (signal) => {
      await before.catch(() => {})
      return measuredIn(choice, signal, measure)
    }, choice.signal),
  ).catch((error: unknown) => {
    throw error instanceof Interrupted ? new NotebookError('interrupted') : error
  })
  last = running
  // Of an interrupted cell nobody waits for the end; who does still gets the error.
  running.catch(() => {})
  return running
}

async function measuredIn(choice: RunChoice, signal: AbortSignal, measure: Measuring): Promise<NotebookRun> {
  const place = notebookPlace()
  const file = storeFile({ ...(choice.store !== undefined && { store: choice.store }) }, place)
  const progress = new ProgressDisplay(display)
  let begun: string | undefined
  signal.addEventListener('abort', () => progress.say('stopping'), { once: true })
  try {
    const [{ Runner }, { openStore }] = await Promise.all([
      import('../lab/runner.ts'),
      import('../store/open-store.ts'),
    ])
    const reader = new NotebookStore(file)
    using store = openStore({ file, mode: 'write' })
    const runner = new Runner({
      store,
      file,
      place,
      interrupt: { soft: signal, hard: signal },
      onEvent: (event) => {
        if (event.kind === 'started') begun = event.planId
        const taken = progress.take(event)
        choice.onProgress?.(taken)
      },
      say: (line) => progress.say(line),
    })
    const { plan, status } = await measure(
      { place, file, say: (line) => progress.say(line), interrupt: signal },
      runner,
      reader,
    )
    return ended(progress, reader, { plan, status })
  } catch (error) {
    const end = error instanceof UserError ? 'stopped' : 'failed'
    progress.end(begun === undefined ? end : `${end}${goOn(begun)}`)
    throw error
  }
}

function ended(
  progress: ProgressDisplay,
  reader: NotebookStore,
  { plan, status }: { plan: Plan; status: NotebookRun['status'] },
): NotebookRun {
  const named = reader.plan(plan.id)
  const failed = named.trials().filter((trial) => trial.status === 'failed' && trial.unused === null).length
  const failures = failed === 0 ? '' : `, ${failed === 1 ? '1 trial' : `${failed} trials`} failed`
  progress.end(status === 'complete' ? `complete: plan ${plan.id}${failures}` : `interrupted${goOn(plan.id)}`)
  return { status, plan: named, failed }
}

const goOn = (planId: string) => `, what was measured is kept; go on with: await resume('${planId}')`

async function planOf(file: string, { set = [], quick, blocks }: FileChoice, finding: Finding): Promise<Plan> {
  const plans = await import('../lab/plan-to-run.ts')
  if (blocks !== undefined && !(Number.isSafeInteger(blocks) && blocks > 0))
    throw new UserError(`blocks is a whole number from 1 on, got ${blocks}`)
  const size = { ...(quick === true && { quick }), ...(blocks !== undefined && { blocks }) }
  const options = { set: [...set], ...size }
  return plans.frozen(await plans.declared(file, options, finding.place), options, finding)
}
