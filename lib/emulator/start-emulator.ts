import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Emulation } from '../domain/emulation.ts'
import { UserError } from '../domain/user-error.ts'
import type { EmulatorMessage } from './emulator-main.ts'
import type { ServerOptions } from './emulated-server.ts'

/** An emulated server that runs in a process of its own. */
export type RunningEmulator = AsyncDisposable & { url: string; pid: number; stop: () => Promise<void> }

type Options = Pick<ServerOptions, 'models' | 'host' | 'port' | 'truthFile' | 'log'> & {
  /** Ends it. */
  signal?: AbortSignal
}

const graceMs = 5000
// What a request leaves behind is garbage at its end: room for it costs fewer and shorter pauses between writes.
const flags = ['--max-semi-space-size=32']

/**
 * Starts an emulated server; resolves when it listens. It ends when it is stopped, or when this process has gone. Throws a
 * `UserError` where it cannot listen. `log` gets what it says on standard error.
 */
export async function startEmulator(emulation: Emulation, options: Options): Promise<RunningEmulator> {
  const { log, signal, ...served } = options
  const main = fileURLToPath(new URL(`emulator-main${extname(import.meta.url)}`, import.meta.url))
  const child = fork(main, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: flags })
  if (child.stderr !== null) createInterface(child.stderr).on('line', (line) => log?.(line))
  const exited = once(child, 'exit')
  const stop = () => stopChild(child, exited)
  const onAbort = () => void stop()
  signal?.addEventListener('abort', onAbort, { once: true })
  void exited.then(() => signal?.removeEventListener('abort', onAbort))
  child.send({ ...served, emulation })
  const said = await Promise.race([once(child, 'message'), exited.then(() => [])])
  const [message] = said as [EmulatorMessage?]
  signal?.throwIfAborted()
  if (message?.kind !== 'listening') {
    await stop()
    if (message === undefined) throw new Error('the emulated server ended before it listened')
    throw new UserError(message.message, message.exitCode as UserError['exitCode'])
  }
  return { url: message.url, pid: child.pid as number, stop, [Symbol.asyncDispose]: stop }
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  const kill = setTimeout(() => child.kill('SIGKILL'), graceMs)
  if (child.connected) child.disconnect()
  await exited
  clearTimeout(kill)
}
