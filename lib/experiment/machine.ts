import type { Accelerator } from '../domain/cell.ts'
import type { TargetMemory } from './memory-fit.ts'

/** What a plan has to know of the machine that its cells run on. */
export type Machine = {
  /** Those that a process may use. */
  cores: number
  /** What its processor, or the board of that, is called; absent where names are not to be held against it. */
  cpu?: string
  /** What its GPUs are called; absent as `cpu` is. */
  gpus?: readonly string[]
  /** What could be there: on a platform that has no Metal, everything but Metal. */
  accelerators: readonly Accelerator[]
  /** Of engines whose programs are not there, by `programName`, in words why. */
  lacking?: Readonly<Record<string, string>>
  /** Absent where what a cell needs is not to be held against it. */
  memory?: TargetMemory
}
