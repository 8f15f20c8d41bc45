import { UserError } from '../domain/user-error.ts'
import { startProcess } from './start-process.ts'

export type CommandResult = {
  /** `undefined`: the program was ended by a signal or ran past its time; 127: it is missing. */
  code: number | undefined
  /** Lines joined by `\n`. */
  stdout: string
}
export type CommandOptions = { timeoutMs?: number; signal?: AbortSignal; cwd?: string }

const defaultTimeoutMs = 10_000

/** Runs a short program to its end and collects what it prints; what it writes to standard error is dropped. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  { timeoutMs = defaultTimeoutMs, signal, cwd }: CommandOptions = {},
): Promise<CommandResult> {
  if (signal?.aborted) throw new UserError(`stopped before ${argv[0]} was started`)
  const running = startProcess(argv, {
    stderr: 'ignore',
    graceMs: 500,
    ...(signal && { signal }),
    ...(cwd !== undefined && { cwd }),
  })
  const timer = setTimeout(() => void running.stop(), timeoutMs)
  const lines: string[] = []
  for await (const line of running.lines) lines.push(line)
  const { code, signal: endedBy } = await running.exited
  clearTimeout(timer)
  return { code: endedBy === undefined ? code : undefined, stdout: lines.join('\n') }
}
