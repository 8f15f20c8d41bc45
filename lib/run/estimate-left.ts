import type { Costs } from '../store/read-costs.ts'

/** What is still to be done. */
export type OpenWork = {
  /** The cell of each trial. */
  cellIds: readonly string[]
  /** The arm of each launch that has not been started. */
  arms: readonly string[]
  /** The cell whose trial runs: one of `cellIds`. */
  running?: string | undefined
}
/** What may be known of that: what this plan's cells took so far, and in earlier plans. */
export type KnownCosts = {
  own: Costs
  earlier: Costs
  /** The workload of every cell. */
  workloads: ReadonlyMap<string, string>
}

/** How long the rest may take, and what that rests on. */
export type TimeLeft = {
  ms: number
  basis: string
  /** How much of it is the trial that runs, from its start. */
  runningMs: number
}

type Source = 'own' | 'earlier' | 'others'
type Guess = { ms: number; from: Source } | undefined

/**
 * What is left, by what each cell took so far, else by what it took in earlier plans, else by the mean of the cells of the
 * same workload, else of all. `undefined` where nothing was ever measured that it could rest on.
 */
export function estimateLeft({ cellIds, arms, running }: OpenWork, known: KnownCosts): TimeLeft | undefined {
  const { own, earlier } = known
  const guess = guesser(known)
  const guesses = cellIds.map(guess).filter((one) => one !== undefined)
  if (guesses.length < cellIds.length) return undefined
  const launch = mean([...own.launchMs.values()]) ?? mean([...earlier.launchMs.values()]) ?? 0
  const launches = arms.map((arm) => own.launchMs.get(arm) ?? earlier.launchMs.get(arm) ?? launch)
  const ms = [...guesses.map((one) => one.ms), ...launches].reduce((sum, each) => sum + each, 0)
  const runningMs = running === undefined ? 0 : (guess(running)?.ms ?? 0)
  return { ms, basis: basisOf(guesses), runningMs }
}

function guesser({ own, earlier, workloads }: KnownCosts): (cellId: string) => Guess {
  const alike = Map.groupBy([...own.trialMs, ...earlier.trialMs], ([cellId]) => workloads.get(cellId))
  const meanOf = new Map([...alike].map(([workload, costs]) => [workload, mean(costs.map(([, ms]) => ms))] as const))
  const any = mean([...own.trialMs.values()]) ?? mean([...earlier.trialMs.values()])
  return (cellId) => {
    const [mine, before] = [own.trialMs.get(cellId), earlier.trialMs.get(cellId)]
    if (mine !== undefined) return { ms: mine, from: 'own' }
    if (before !== undefined) return { ms: before, from: 'earlier' }
    const ms = meanOf.get(workloads.get(cellId)) ?? any
    return ms === undefined ? undefined : { ms, from: 'others' }
  }
}

function basisOf(guesses: readonly { from: Source }[]): string {
  const counts = { own: 0, earlier: 0, others: 0 }
  for (const { from } of guesses) counts[from] += 1
  if (counts.others > 0) return 'by other cells'
  return counts.earlier > counts.own ? 'by earlier runs' : 'by trials so far'
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
