import { setTimeout as delay } from 'node:timers/promises'
import { plain, plainLines } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { openLabStore, storeFile } from '../lab/lab-store.ts'
import { findLaunch } from '../store/find-launch.ts'
import { readLaunchTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'
import { localTarget } from '../target/local.ts'
import { spoolFolder } from '../target/spool-folder.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { LaunchLogs } from './launch-logs.ts'

export type LogsOptions = CommonOptions & { follow?: true }

type Launch = NonNullable<ReturnType<typeof findLaunch>>
const pollMs = 250

/** Prints what worker and engine wrote in the launch of a trial, or in one that is named; with `follow`, until it ends. */
export async function logs(what: string, options: LogsOptions, io: Io): Promise<void> {
  if (options.json && options.follow) throw new UserError('--follow prints lines as they come: leave out --json')
  using store = openLabStore(options, io, 'read')
  const launch = launchOf(what, store)
  const spools = `${storeFile(options, io)}.spool`
  if (launch.spool === undefined) throw new UserError(`${plain(what)} has no log yet: its launch was not started`)
  using written = new LaunchLogs(spoolFolder(spools, launch.spool))
  if (!written.exist) return printKept(what, launch, { options, io })
  if (options.json) return print(launch, [...written.all()].join(''), { store, io })
  if (!options.follow) return await io.stdoutAll(plainOf(written.all())) // before they are closed
  await follow(written, launch, { store, spools, io })
  io.stdout(plainLines(written.end()))
}

function launchOf(what: string, store: Store): Launch {
  const [, kind = 'trial', digits = ''] = /^(?:(launch|trial):)?(\d{1,15})$/.exec(what) ?? []
  if (digits === '') throw new UserError(`${plain(what)} is no trial: give its number, such as 12, or launch:3`)
  const launch = findLaunch(store, kind as 'launch' | 'trial', Number(digits))
  if (launch) return launch
  throw new UserError(
    `no ${kind} ${digits} in ${store.file}; \`benchbook query "SELECT trial_id, axes, status FROM v_trial"\` lists trials`,
  )
}

function* plainOf(lines: Iterable<string>): Generator<string> {
  for (const text of lines) yield plainLines(text)
}

async function follow(
  written: LaunchLogs,
  { id, spool }: Launch,
  { store, spools, io }: { store: Store; spools: string; io: Io },
): Promise<void> {
  const target = localTarget({ spools, worker: [process.execPath] })
  for (let runs = true; runs; await delay(runs ? pollMs : 0)) {
    // The state first: what has ended by then has written all that it ever will.
    const launch = findLaunch(store, 'launch', id)
    runs = launch?.status === 'running' && (await target.state(spool as string)) !== 'gone'
    await io.stdoutAll(plainOf(written.rest()))
  }
}

/** Where the spool is gone, the store has the end of the log of a launch that failed. */
function printKept(what: string, launch: Launch, { options, io }: { options: LogsOptions; io: Io }): void {
  const { outcome } = launch
  const kept = outcome?.status === 'failed' ? outcome.logTail : undefined
  if (kept === undefined)
    throw new UserError(
      `the log of ${plain(what)} is gone with its spool, and launch ${launch.id} did not fail, so the store kept none of it`,
    )
  if (options.json) return printJson(io, { launch: launch.id, from: 'store', log: kept })
  io.stderr(`the spool of launch ${launch.id} is gone; this is the end of its log, which the store has\n`)
  io.stdout(`${plainLines(kept.trimEnd())}\n`)
}

function print({ id }: Launch, log: string, { store, io }: { store: Store; io: Io }): void {
  printJson(io, { launch: id, trials: readLaunchTrials(store, id).map((trial) => trial.id), from: 'spool', log })
}
