import { byteFigure, byteText } from '../domain/byte-text.ts'
import { memoryNeed, type MemoryNeed, type SizedCell, totalBytes } from './memory-need.ts'

/** The memory that a target has, as far as it is known: what is not is not held against a cell. */
export type TargetMemory = {
  /** What a process may use. */
  memoryBytes?: number
  /** Of all GPUs together. */
  vramBytes?: number
  /** The weight types of which the processor's kernels keep a second copy. */
  repacked: readonly string[]
}

/** Why a cell does not fit: `needs 16.4 GB (weights 13.1, KV cache 2.1, overhead 1.2), the target has 8.0 GB`. */
export function whyNoFit(cell: SizedCell, target: TargetMemory): string | undefined {
  const need = memoryNeed(cell, target.repacked)
  if (need === undefined) return undefined
  return tooLarge(need.vram, target.vramBytes, ' of GPU memory') ?? tooLarge(need.memory, target.memoryBytes, '')
}

function tooLarge(need: MemoryNeed | undefined, hasBytes: number | undefined, ofWhat: string): string | undefined {
  if (need === undefined || hasBytes === undefined || totalBytes(need) <= hasBytes) return undefined
  const total = totalBytes(need)
  const digits = digitCounts.find((count) => byteText(total, count) !== byteText(hasBytes, count))
  return `needs ${needText(need, ofWhat, digits)}, the target has ${byteText(hasBytes, digits)}`
}

/** As many as it takes to see that one is more than the other: down to the byte. */
const digitCounts = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/** `16.4 GB (weights 13.1, KV cache 2.1, overhead 1.2)`. */
export function needText(need: MemoryNeed, ofWhat = '', digits?: number): string {
  const total = totalBytes(need)
  const [weights, cache, overhead] = [need.weightsBytes, need.kvCacheBytes, need.overheadBytes].map((part) =>
    byteFigure(part, total, digits),
  )
  return `${byteText(total, digits)}${ofWhat} (weights ${weights}, KV cache ${cache}, overhead ${overhead})`
}
