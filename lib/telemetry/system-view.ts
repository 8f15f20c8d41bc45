import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import { runCommand } from '../shell/run-command.ts'

/** Files as the system shows them; what is missing or must not be read is `undefined`, and an empty list. */
export type FileView = {
  read: (path: string) => string | undefined
  /** For files that take the kernel long to write: this program goes on meanwhile. */
  readLater: (path: string) => Promise<string | undefined>
  list: (path: string) => readonly string[]
}

/** What telemetry uses of the system it runs on; injected, so that a test shows it another one. */
export type SystemView = {
  files: FileView
  run: typeof runCommand
  platform: NodeJS.Platform
  arch: string
  /** `Linux 6.1.0`. */
  os: string
  cpuModel: string | undefined
  /** Those that affinity and, mostly, quotas let this process use. */
  availableCores: number
  memoryBytes: number
  freeMemoryBytes: () => number
  loadAverage: () => number
}

const files: FileView = {
  read: (path) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return undefined
    }
  },
  readLater: (path) => readFile(path, 'utf8').catch(() => undefined),
  list: (path) => {
    try {
      return readdirSync(path)
    } catch {
      return []
    }
  },
}

/** The system that this program runs on. */
export const thisSystem: SystemView = {
  files,
  run: runCommand,
  platform: process.platform,
  arch: process.arch,
  os: `${os.type()} ${os.release()}`,
  cpuModel: os.cpus()[0]?.model,
  availableCores: os.availableParallelism(),
  // Of a container: its limit, where it has one.
  memoryBytes: Math.min(os.totalmem(), process.constrainedMemory() || Infinity),
  freeMemoryBytes: os.freemem,
  loadAverage: () => os.loadavg()[0] as number,
}
