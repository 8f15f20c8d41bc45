import { spawn } from 'node:child_process'
import { once } from 'node:events'

// The terminal sends Ctrl-C to both, and the program decides.
const leave = () => {}

/** Runs a program on this terminal to its end: it gets what is typed, Ctrl-C too. Its exit code; 128 and more for a signal. */
export async function runInForeground(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<number> {
  const child = spawn(program, args, { cwd, env, stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  process.on('SIGTERM', forward)
  process.on('SIGINT', leave)
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 128
  } finally {
    process.off('SIGTERM', forward)
    process.off('SIGINT', leave)
  }
}
