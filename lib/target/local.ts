import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Target, WorkerState } from '../domain/target.ts'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { isAlive, type ProcessId } from '../shell/process-id.ts'
import { startProcess } from '../shell/start-process.ts'

export type LocalOptions = {
  /** The folder under which spools lie. */
  spools: string
  /** The program that runs a spool; the spool's path is added to it. */
  worker: readonly [string, ...string[]]
}

const readBytes = 4 * 1024 * 1024
const newline = 10

/** This machine: a spool is a folder, the worker a process of its own session. */
export function localTarget({ spools, worker }: LocalOptions): Target {
  return {
    put: (launch) => putSpool(spools, launch),
    async start(spool) {
      const log = openSync(join(spool, 'worker.log'), 'a')
      startProcess([...worker, spool], { stdout: log, stderr: log }).release()
      closeSync(log)
    },
    read: async (spool, offset) => readFrom(join(spool, 'records.ndjson'), offset),
    state: async (spool) => workerState(spool),
    async heartbeat(spool) {
      const path = join(spool, 'heartbeat')
      return existsSync(path) ? readFileSync(path, 'utf8') : ''
    },
    async signal(spool, signal) {
      const claim = readClaim(spool)
      if (claim && isAlive(claim)) process.kill(claim.pid, signal)
    },
    async logTail(spool, maxBytes) {
      const log = join(spool, 'worker.log')
      return existsSync(log) ? readFileSync(log).subarray(-maxBytes).toString('utf8') : ''
    },
  }
}

/** `launch.json` is renamed into place, so that a spool is whole or absent. */
async function putSpool(spools: string, launch: LaunchSpec): Promise<string> {
  const spool = join(spools, launch.planId, `launch-${launch.launchId}`)
  try {
    makeFolder(spool)
    const draft = join(spool, '.launch.json')
    await writeFile(draft, JSON.stringify(launch, null, 1))
    await rename(draft, join(spool, 'launch.json'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const message = `cannot write the spool ${plain(spool)} (${code}): make room there, or name another store with --store`
    throw new UserError(message, exitCodes.unavailable, { cause: error })
  }
  return spool
}

function readFrom(path: string, offset: number): Uint8Array {
  if (!existsSync(path)) return new Uint8Array()
  const file = openSync(path, 'r')
  try {
    for (let length = readBytes; ; length *= 2) {
      const buffer = Buffer.allocUnsafe(length)
      const bytes = buffer.subarray(0, readSync(file, buffer, 0, length, offset))
      if (bytes.length < length || bytes.includes(newline)) return bytes // else a record is longer than that
    }
  } finally {
    closeSync(file)
  }
}

function workerState(spool: string): WorkerState {
  const claim = readClaim(spool)
  if (claim === undefined) return 'unclaimed'
  return isAlive(claim) ? 'running' : 'gone'
}

function readClaim(spool: string): ProcessId | undefined {
  const path = join(spool, 'claim')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ProcessId) : undefined
}
