import { unlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { plain } from '../domain/plain.ts'

export type Lock = { status: 'taken'; release: () => void } | { status: 'held'; holder: string }

/** Tells locks of one name apart, for tests that measure no time and run beside each other: each has a machine to itself. */
export const testLocksVariable = 'BENCHBOOK_TEST_LOCKS'

const retryMs = 100
const answerMs = 1000
const longestAnswer = 200

/**
 * Takes what a name stands for (a device, a plan) until it is released: a socket of that name, which the system frees with the
 * process, however that ends. Whoever connects is told the holder. Waits up to `patienceMs` for one that is about to end.
 */
export async function takeLock(name: string, holder: string, patienceMs: number): Promise<Lock> {
  const path = socketPath(name)
  for (const startedMs = performance.now(); ; await delay(retryMs)) {
    const server = await listen(path, holder)
    if (server) return { status: 'taken', release: () => void server.close() }
    const other = await ask(path)
    if (other === undefined) dropStale(path)
    else if (performance.now() - startedMs >= patienceMs) return { status: 'held', holder: other }
  }
}

/** Who holds a name; `undefined` where nobody does. */
export function lockHolder(name: string): Promise<string | undefined> {
  return ask(socketPath(name))
}

function socketPath(of: string): string {
  const name = `benchbook-${`${process.env[testLocksVariable] ?? ''}${of}`.replaceAll(/[^\w.-]/g, '_')}`
  if (process.platform === 'linux') return `\0${name}` // abstract: no file, nothing to go stale
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

async function listen(path: string, holder: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.on('error', () => {}).end(holder))
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(path, () => resolve(server.unref()))
  })
}

/** Who holds it; `undefined` where nobody answers. Another program may have taken the name, and answer anything or nothing. */
async function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(path)
    const settle = (holder: string | undefined) => {
      socket.destroy()
      resolve(holder)
    }
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text
      if (answer.length > longestAnswer) settle(`${plain(answer.slice(0, longestAnswer))}…`)
    })
    socket.once('end', () => settle(plain(answer)))
    socket.once('error', () => settle(undefined))
    socket.setTimeout(answerMs, () => settle('a process that does not answer'))
  })
}

function dropStale(path: string): void {
  if (process.platform === 'darwin') unlinkSync(path)
}
