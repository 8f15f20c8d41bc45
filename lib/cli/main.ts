import { pipeline } from 'node:stream/promises'
import type { Writable } from 'node:stream'
import { exitCodes } from '../domain/user-error.ts'
import { confirmOn } from './confirm.ts'
import { onInterrupt } from './interrupts.ts'
import { runProgram } from './program.ts'
import { terminalOf } from './terminal.ts'

let stdoutBroke = false
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  stdoutBroke = true
  if (code === 'EPIPE') return // `benchbook query ... | head`: the reader has gone, which is no failure of ours
  fail(`cannot write to standard output (${code}): make room, or send it elsewhere`)
})
process.stderr.on('error', () => {}) // nobody listens any more: what is being measured is worth more

const cwd = currentFolder()
if (cwd === undefined) fail('the current folder has been removed: change to one that is there')
else {
  const exitCode = await runProgram(process.argv.slice(2), {
    stdout: (text) => void process.stdout.write(text),
    stdoutIsTerminal: process.stdout.isTTY,
    stdoutColumns: () => process.stdout.columns || undefined, // 0 where the other end does not know
    stdoutAll,
    stderr: (text) => void process.stderr.write(text),
    ...(process.stdin.isTTY && { confirm }),
    terminal: terminalOf(process.stderr, process.env),
    catchInterrupts,
    whenTold,
    env: process.env,
    cwd,
  })
  process.exitCode ||= exitCode
}

function confirm(question: string): Promise<boolean> {
  return confirmOn({ input: process.stdin, output: process.stderr }, question)
}

function fail(message: string): void {
  process.stderr.write(`benchbook: ${message}\n`)
  process.exitCode = exitCodes.usage
}

function currentFolder(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

/** Leaves `process.stdout` open, which must not be ended. */
async function stdoutAll(pieces: Iterable<string | Uint8Array>): Promise<void> {
  try {
    await pipeline(pieces, process.stdout as Writable, { end: false })
  } catch (error) {
    if (!stdoutBroke) throw error
  }
}

function whenTold(): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    onInterrupt(() => resolve('SIGINT'))
  })
}

function catchInterrupts(): { soft: AbortSignal; hard: AbortSignal } {
  const [soft, hard] = [new AbortController(), new AbortController()]
  onInterrupt((count) => (count === 1 ? soft : hard).abort())
  return { soft: soft.signal, hard: hard.signal }
}
