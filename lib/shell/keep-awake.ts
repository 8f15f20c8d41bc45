import { spawn } from 'node:child_process'
import { runCommand } from './run-command.ts'

type System = { platform?: NodeJS.Platform; pid?: number }
type Keeper = readonly [string, ...string[]]

/** The command that keeps this system awake for as long as it runs; `undefined` where none is known. */
function keeperOf(why: string, { platform = process.platform, pid = process.pid }: System): Keeper | undefined {
  if (platform === 'darwin') return ['caffeinate', '-i', '-w', String(pid)] // ends with us
  if (platform !== 'linux') return undefined
  // cat ends with its input, which the system closes with us, however we end.
  return ['systemd-inhibit', '--what=idle:sleep', '--who=benchbook', `--why=${why}`, '--mode=block', 'cat']
}

/** Keeps the machine from going to sleep until it is disposed or this process ends; does nothing where that cannot be done. */
export function keepAwake(why: string, system: System = {}): Disposable {
  const keeper = keeperOf(why, system)
  if (keeper === undefined) return { [Symbol.dispose]: () => {} }
  const [program, ...args] = keeper
  // In a session of its own: no Ctrl-C ends it, and it cannot ask for a password.
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.on('error', () => {}) // not there, and nothing lost
  child.stdin.on('error', () => {})
  child.unref()
  return {
    [Symbol.dispose]: () => {
      child.stdin.end()
      // A program that was not found has no process: to signal that would be to signal all of this group.
      if (child.pid !== undefined) child.kill()
    },
  }
}

/** What would keep this machine awake while it measures; `undefined` where nothing can. */
export async function awakeBy({ platform = process.platform }: System = {}): Promise<string | undefined> {
  if (platform === 'darwin') return 'caffeinate'
  if (platform !== 'linux') return undefined
  const { code } = await runCommand(['systemd-inhibit', '--what=idle:sleep', '--who=benchbook', '--mode=block', 'true'])
  return code === 0 ? 'systemd-inhibit' : undefined
}
