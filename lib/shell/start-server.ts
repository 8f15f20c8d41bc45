import { closeSync, openSync, readFileSync } from 'node:fs'
import { constants, devNull } from 'node:os'
import { endMarked, markedProcesses, markVariable } from './marked-processes.ts'
import { type Exit, type RunningProcess, startProcess } from './start-process.ts'

export type ServerOptions = {
  /** That finds it, and all that it starts, again. */
  mark: string
  env: Readonly<Record<string, string>>
  /** The file that standard output and standard error are added to; absent: nowhere. */
  log?: string
  /** Milliseconds between SIGTERM and SIGKILL when it is stopped; 5,000 by default. */
  graceMs?: number
}
export type RunningServer = AsyncDisposable & {
  /** Of the program itself; of one that put itself into the background, what goes on. */
  readonly pid: number
  /** Resolves with how it ended: of one that put itself into the background, when nothing of it is left. */
  ended: Promise<Exit>
  /** Ends it and all that it has started; resolves with what could not be ended. */
  stop: () => Promise<readonly number[]>
}

const lookEveryMs = 1000

/** Starts a program that runs until it is stopped, in a session of its own. Throws a `UserError` where nothing can be started. */
export function startServer(
  argv: readonly [string, ...string[]],
  { mark, env, log, graceMs }: ServerOptions,
): RunningServer {
  const out = openSync(log ?? devNull, 'a')
  const running = startProcess(argv, {
    env: { ...env, [markVariable]: mark },
    stdout: out,
    stderr: out,
    keepShell: true,
  })
  closeSync(out)
  let stopped: Promise<readonly number[]> | undefined
  const stop = () => (stopped ??= endAll(running, mark, graceMs))
  return {
    get pid() {
      return childOf(running.pid) ?? markedProcesses(mark)[0] ?? running.pid
    },
    ended: endOf(running, mark),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

async function endAll(running: RunningProcess, mark: string, graceMs = 5000): Promise<readonly number[]> {
  // Where there is no /proc, its group is all that is known of it.
  const [left] = await Promise.all([endMarked(mark, { graceMs }), process.platform !== 'linux' && running.stop()])
  return left
}

/** What started it has ended well, and it goes on: it is over when nothing of it runs. */
async function endOf({ exited }: RunningProcess, mark: string): Promise<Exit> {
  const exit = programExit(await exited)
  if (exit.code !== 0) return exit
  await new Promise<void>((resolve) => {
    const look = () => {
      if (markedProcesses(mark).length > 0) setTimeout(look, lookEveryMs).unref()
      else resolve()
    }
    look()
  })
  return exit
}

/** A shell says 128 and the signal's number of a program that a signal ended. */
function programExit({ code, signal }: Exit): Exit {
  const name = Object.entries(constants.signals).find(([, number]) => number + 128 === code)?.[0]
  return name === undefined ? { code, signal } : { code: undefined, signal: name as NodeJS.Signals }
}

/** The program that a shell waits for; `undefined` where it has ended, or where there is no /proc. */
function childOf(shell: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ')[0]) || undefined
  } catch {
    return undefined
  }
}
