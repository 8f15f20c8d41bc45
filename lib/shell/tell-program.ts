import { type ChildProcess, spawn } from 'node:child_process'

export type TellOptions = {
  /** What it is given on standard input. */
  input: string
  env: Readonly<Record<string, string>>
  cwd: string
  timeoutMs: number
  /** Aborted: it is ended. */
  signal: AbortSignal
}
export type Told = { status: 'ok' } | { status: 'failed'; why: string; stderr: string }

const tailCharacters = 2000

/** Runs a program, without a shell, to hand it a text; past its time it is ended with all that it has started. */
export async function tellProgram(argv: readonly string[], options: TellOptions): Promise<Told> {
  const [program = '', ...args] = argv
  const { cwd, env, input, timeoutMs, signal } = options
  if (argv.some((argument) => argument.includes('\0'))) return failed('an argument holds a NUL byte')
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true, // a group of its own, to be ended whole
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-tailCharacters)))
  child.stdin.on('error', () => {}) // it need not read
  child.stdin.end(input)
  let ended: string | undefined
  const end = (why: string) => {
    ended ??= why
    endGroup(child)
  }
  const timer = setTimeout(() => end(`did not end within ${timeoutMs / 1000} s`), timeoutMs)
  const abort = () => end('was ended by Ctrl-C')
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const how = await exitOf(child)
  clearTimeout(timer)
  signal.removeEventListener('abort', abort)
  return how === undefined ? { status: 'ok' } : { status: 'failed', why: ended ?? how, stderr }
}

const failed = (why: string): Told => ({ status: 'failed', why, stderr: '' })

/** Why it did not end well. What it left running in the background may hold its output open: nobody waits for that. */
function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', ({ code }: NodeJS.ErrnoException) => resolve(`cannot be started (${code})`))
    child.once('exit', (code, signal) =>
      setImmediate(() => {
        child.stderr?.destroy()
        resolve(code === 0 ? undefined : signal === null ? `ended with code ${code}` : `was ended by ${signal}`)
      }),
    )
  })
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
