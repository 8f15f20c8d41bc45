import { quantile } from '../stats/quantile.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import type { distributed } from './trial-requests.ts'

export type Distributed = (typeof distributed)[number]

/** The percentiles of METRICS, and how many samples each needs. */
export const percentiles = [
  { name: 'median', q: 0.5, needs: 1 },
  { name: 'p90', q: 0.9, needs: 100 },
  { name: 'p95', q: 0.95, needs: 200 },
  { name: 'p99', q: 0.99, needs: 1000 },
] as const

/** A metric of all requests of a cell, its launches pooled. */
export type Distribution = {
  /** Of valid trials, ascending; of invalid ones where there are no others. */
  values: Float64Array
  /** Of invalid trials, where there are valid ones. */
  invalid: Float64Array
  valid: boolean
  /** Those for which there are enough samples. */
  percentiles: readonly { name: string; value: number }[]
}

/** Exact, from every value. `undefined` where no request has one. */
export function distributionOf(evidence: Evidence, cell: ShownCell, metric: Distributed): Distribution | undefined {
  const trials = evidence.trialsOf(cell.cell.id).filter((trial) => trial.status === 'ok')
  const pooled = (valid: boolean) =>
    merged(
      trials
        .filter((trial) => (trial.invalid.length === 0) === valid)
        .flatMap((trial) => evidence.seenOf(trial.id).values[metric] ?? []),
    )
  const [sound, doubtful] = [pooled(true), pooled(false)]
  const values = sound.length > 0 ? sound : doubtful
  if (values.length === 0) return undefined
  return {
    values,
    invalid: sound.length > 0 ? doubtful : new Float64Array(),
    valid: sound.length > 0,
    percentiles: percentiles.flatMap(({ name, q }) => {
      const value = quantile(values, q)
      return value === undefined ? [] : [{ name, value }]
    }),
  }
}

function merged(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all.toSorted()
}
