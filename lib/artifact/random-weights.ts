import type { RandomType } from '../domain/cell.ts'
import { randomSequence } from '../domain/seeded.ts'
import { encodeWeights } from './encode-weights.ts'

const poolWeights = 2 ** 20
/** Every matrix of a random model is a multiple of this many weights. */
const pieceWeights = 4096
const blockWeights = 32

/** Draws encoded weights of one format; the same seed gives the same bytes on every machine. */
export type RandomWeights = {
  /** Pieces that make up a matrix of `elements` weights with rows of `rowLength`, scaled to keep signals at their size. */
  matrix: (elements: number, rowLength: number) => Iterable<Buffer>
}

/**
 * Weights come from a pool of a million that is encoded once per scale; a matrix is pieces of it from random places. That
 * takes the time of a copy, and what the engine computes does not get faster or slower by it.
 */
export function randomWeights(type: RandomType, seed: number): RandomWeights {
  const random = randomSequence(seed)
  const pool = Float32Array.from({ length: poolWeights }, () => nearlyNormal(random))
  const encoded = new Map<number, Buffer>()
  const encodedFor = (rowLength: number) => {
    const known = encoded.get(rowLength)
    if (known !== undefined) return known
    const scale = 1 / Math.sqrt(rowLength)
    const bytes = encodeWeights(
      type,
      pool.map((weight) => weight * scale),
    )
    encoded.set(rowLength, bytes)
    return bytes
  }
  function* matrix(elements: number, rowLength: number) {
    const source = encodedFor(rowLength)
    const blockBytes = (source.length / poolWeights) * blockWeights
    const places = (poolWeights - pieceWeights) / blockWeights + 1
    for (let done = 0; done < elements; done += pieceWeights) {
      const start = Math.floor(random() * places) * blockBytes
      yield source.subarray(start, start + (pieceWeights / blockWeights) * blockBytes)
    }
  }
  return { matrix }
}

// Four uniform numbers have the variance 1/3. No logarithm and no cosine: their last bits differ between machines.
function nearlyNormal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * 1.7320508075688772
}
