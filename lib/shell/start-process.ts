import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { $, type ProcessPromise } from 'zx'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'

export type Exit = { code: number | undefined; signal: NodeJS.Signals | undefined }
export type StartOptions = {
  env?: Readonly<Record<string, string>>
  cwd?: string
  /** Milliseconds between SIGTERM and SIGKILL when the process is stopped; 5,000 by default. */
  graceMs?: number
  signal?: AbortSignal
  /** Where standard output goes: to the reader of `lines` by default, or to an open file. */
  stdout?: number
  stderr?: number | 'ignore'
  /** The shell that starts the program waits for it: an environment that the program may overwrite stays readable there. */
  keepShell?: true
}
export type RunningProcess = AsyncDisposable & {
  pid: number
  /** Lines of standard output, where it was not sent to a file. */
  lines: AsyncIterable<string>
  exited: Promise<Exit>
  stop: () => Promise<Exit>
  /** Lets this program end while the process runs on. */
  release: () => void
}

/**
 * Starts a program in a process group of its own; stopping ends the whole group: SIGTERM, then SIGKILL after `graceMs`.
 * Every argument is one array element, so nothing in it reaches the shell as syntax. Throws a `UserError` for an argument
 * that holds a NUL byte, which no program could be given.
 */
export function startProcess(argv: readonly [string, ...string[]], options: StartOptions = {}): RunningProcess {
  if (argv.some((argument) => argument.includes('\0')))
    throw new UserError(`an argument of ${argv[0]} holds a NUL byte: take it out`)
  const run = $({
    detached: true,
    nothrow: true,
    quiet: true,
    stdio: ['ignore', options.stdout ?? 'pipe', options.stderr ?? 'inherit'],
    env: { ...process.env, ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.keepShell && { postfix: '; exit $?' }),
  })
  const child = run`${argv}`
  const pid = child.pid
  if (pid === undefined) throw cannotStart(argv[0])
  const exited = exitOf(child)
  const stop = () => stopGroup(pid, exited, options.graceMs ?? 5000)
  if (options.signal?.aborted) void stop()
  options.signal?.addEventListener('abort', () => void stop(), { once: true })
  return {
    pid,
    lines: options.stdout === undefined ? createInterface({ input: child.stdout }) : nothing(),
    exited,
    stop,
    release: () => child.child?.unref(),
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

function cannotStart(program: string): UserError {
  const why =
    $.quote === undefined ? 'bash is not on the PATH: add it' : 'the system starts no more processes: end some'
  return new UserError(`cannot start ${plain(program)}, ${why}`, exitCodes.unavailable)
}

// Not zx's kill(), timeout or signal: they need `ps`, crash without it, and never escalate.
async function stopGroup(pid: number, exited: Promise<Exit>, graceMs: number): Promise<Exit> {
  if (!signalGroup(pid, 'SIGTERM')) return exited
  const settled = exited.then(() => true)
  if (!(await Promise.race([settled, delay(graceMs, false, { ref: false })]))) signalGroup(pid, 'SIGKILL')
  const exit = await exited
  signalGroup(pid, 'SIGKILL') // stragglers that gave up stdout
  return exit
}

// zx types then() as a union with its own output; await does not.
async function exitOf(child: ProcessPromise): Promise<Exit> {
  const { exitCode, signal } = await child
  return { code: exitCode ?? undefined, signal: signal ?? undefined }
}

/** Whether the group still had a member. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

async function* nothing(): AsyncGenerator<string> {}
