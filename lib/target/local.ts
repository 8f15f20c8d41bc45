import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { rename, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Target, WorkerState } from '../domain/target.ts'
import { DiskFullError, isDiskFull } from '../domain/disk-full.ts'
import { plain } from '../domain/plain.ts'
import { spoolFiles } from '../domain/spool-files.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { existingFolder } from '../shell/existing-folder.ts'
import { fileTail } from '../shell/file-tail.ts'
import { killOrphans } from '../shell/marked-processes.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { isAlive, type ProcessId } from '../shell/process-id.ts'
import { startProcess } from '../shell/start-process.ts'
import { spoolFolder } from './spool-folder.ts'

export type LocalOptions = {
  /** The folder under which spools lie. */
  spools: string
  /** The program that runs a spool; the spool's path is added to it. */
  worker: readonly [string, ...string[]]
}

const readBytes = 4 * 1024 * 1024
const newline = 10
/** About what a launch writes, its log included. */
const spoolBytes = 1_000_000

/**
 * This machine: a spool is a folder, the worker a process of its own session. A spool's place is relative to `spools`, so that a
 * lab can be moved.
 */
export function localTarget({ spools, worker }: LocalOptions): Target {
  const inSpool = (spool: string, file: keyof typeof spoolFiles) => join(spoolFolder(spools, spool), spoolFiles[file])
  return {
    put: (launch) => putSpool(spools, launch),
    async start(spool) {
      killOrphans() // they would have the device, and take time and memory
      const log = openLog(inSpool(spool, 'log'))
      startProcess([...worker, spoolFolder(spools, spool)], { stdout: log, stderr: log }).release()
      closeSync(log)
    },
    read: async (spool, offset) => readFrom(inSpool(spool, 'records'), offset),
    state: async (spool) => workerState(spoolFolder(spools, spool)),
    async heartbeat(spool) {
      const path = inSpool(spool, 'heartbeat')
      return existsSync(path) ? readFileSync(path, 'utf8') : ''
    },
    async signal(spool, signal) {
      const claim = readClaim(spoolFolder(spools, spool))
      if (claim && isAlive(claim)) process.kill(claim.pid, signal)
    },
    async clear() {
      killOrphans()
    },
    async freeBytes(spool) {
      const { bavail, bsize } = await statfs(existingFolder(spoolFolder(spools, spool)))
      return bavail * bsize
    },
    logTail: async (spool, maxBytes) => fileTail(inSpool(spool, 'log'), maxBytes),
  }
}

/** `launch.json` is renamed into place, so that a spool is whole or absent. */
async function putSpool(spools: string, launch: LaunchSpec): Promise<string> {
  const spool = join(launch.planId, `launch-${launch.launchId}`)
  const folder = spoolFolder(spools, spool)
  try {
    makeFolder(folder)
    const draft = join(folder, `.${spoolFiles.launch}`)
    await writeFile(draft, JSON.stringify(launch, null, 1))
    await rename(draft, join(folder, spoolFiles.launch))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const message = `cannot write the spool ${plain(folder)} (${code}): make room there, or name another store with --store`
    const full = { place: plain(folder), needsBytes: spoolBytes, exitCode: exitCodes.unavailable, cause: error }
    throw isDiskFull(error)
      ? new DiskFullError(message, full)
      : new UserError(message, exitCodes.unavailable, { cause: error })
  }
  return spool
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a')
  } catch (error) {
    if (!isDiskFull(error)) throw error
    const message = `cannot write ${plain(path)} (ENOSPC): make room there`
    throw new DiskFullError(message, { place: plain(path), needsBytes: spoolBytes, cause: error })
  }
}

function readFrom(path: string, offset: number): Uint8Array {
  if (!existsSync(path)) return new Uint8Array()
  const file = openSync(path, 'r')
  try {
    // Only as much memory as there is to read: this is asked many times a second beside what is measured.
    const left = fstatSync(file).size - offset
    if (left <= 0) return new Uint8Array()
    for (let length = Math.min(readBytes, left); ; length = Math.min(2 * length, left)) {
      const buffer = Buffer.allocUnsafe(length)
      const bytes = buffer.subarray(0, readSync(file, buffer, 0, length, offset))
      if (bytes.length < length || length === left || bytes.includes(newline)) return bytes // else a record is longer than that
    }
  } finally {
    closeSync(file)
  }
}

function workerState(spool: string): WorkerState {
  const claim = readClaim(spool)
  if (claim === undefined) return existsSync(join(spool, spoolFiles.launch)) ? 'unclaimed' : 'gone' // taken away
  return isAlive(claim) ? 'running' : 'gone'
}

function readClaim(spool: string): ProcessId | undefined {
  const path = join(spool, spoolFiles.claim)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ProcessId) : undefined
}
