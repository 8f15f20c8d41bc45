import type { LaunchSpec } from './launch.ts'

/** What became of a spool's worker. */
export type WorkerState = 'unclaimed' | 'running' | 'gone'

/** Where a launch runs. It puts a spool somewhere, starts the worker, reads what it wrote, signals it: nothing else. */
export interface Target {
  /** Creates the spool and writes `launch.json`; resolves with the spool's place. */
  put(launch: LaunchSpec): Promise<string>
  /** Starts a worker that outlives the runner. */
  start(spool: string): Promise<void>
  /** The bytes of `records.ndjson` from `offset` on; empty where there are none yet. */
  read(spool: string, offset: number): Promise<Uint8Array>
  state(spool: string): Promise<WorkerState>
  /**
   * What the worker's last heartbeat says: it changes every second for as long as the worker does its work, and ends with
   * `full N` while the worker waits for N bytes of room on its disk.
   */
  heartbeat(spool: string): Promise<string>
  /** Asks the worker to stop: at once (`SIGTERM`), or when the trial that runs has ended (`SIGUSR2`); or ends it (`SIGKILL`). */
  signal(spool: string, signal: 'SIGTERM' | 'SIGUSR2' | 'SIGKILL'): Promise<void>
  /** Bytes of room on the disk of the spool. */
  freeBytes(spool: string): Promise<number>
  /** Ends the engines of launches whose workers are no more. */
  clear(): Promise<void>
  /** The last bytes of `worker.log`. */
  logTail(spool: string, maxBytes: number): Promise<string>
}
