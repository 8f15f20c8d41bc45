import { randomInt } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cell, OpenLoad } from '../domain/cell.ts'
import type { KneeSearch, Objectives, Plan } from '../domain/plan.ts'
import type { Expanded } from '../experiment/expand.ts'
import type { Machine } from '../experiment/machine.ts'
import { planExperiment } from '../experiment/plan.ts'
import { atRate, hasAutoRate, resolveRates } from '../experiment/resolve-rates.ts'
import { type ProbeContext, probeRate, probeRequests } from '../run/probe-rate.ts'
import { progressLine } from '../run/progress-lines.ts'
import { searchKnee } from '../run/search-knee.ts'
import { ownProcessId } from '../shell/process-id.ts'
import { localTarget } from '../target/local.ts'
import { ensureFiles } from './ensure-files.ts'
import { findLab, type Place } from './lab.ts'
import { clearLeftProbes, probesFolder } from './left-probes.ts'
import { thisMachine } from './make-plan.ts'
import { programsOf } from './find-program.ts'
import { namedFiles } from './named-files.ts'
import { lockPlan } from './plan-lock.ts'
import { workerCommand } from './worker-command.ts'

export type FindRatesOptions = {
  place: Place
  /** What would run, were there rates for all. */
  plan: Pick<Plan, 'cells' | 'launches'>
  /** The store's file: what is tried lies beside it while it is tried, and nothing of it is kept there. */
  file: string
  /** Told what is tried and found, in lines. */
  say: (line: string) => void
  /** Aborted: nothing is to be found any more; then it rejects with `InterruptedProbe`. */
  interrupt: AbortSignal
}

/**
 * Finds the rate of every cell that leaves it to be found, and puts it there: the highest at which 95 % of the requests meet the
 * objectives, by launches like those of a run. Throws a `UserError` where there is none.
 */
export async function findRates(expanded: Expanded, options: FindRatesOptions): Promise<Expanded> {
  const { place, plan, file, say, interrupt } = options
  const open = plan.cells.filter(({ config }) => hasAutoRate(config.load))
  if (open.length === 0 || expanded.objectives === undefined) return expanded
  await clearLeftProbes(file, { say, cwd: place.cwd })
  using _ = await lockPlan({ id: `probes-${process.pid}`, launches: plan.launches })
  const owner = ownProcessId()
  const spools = probesFolder(file, owner)
  const removeSpools = () => rm(spools, { recursive: true, force: true })
  try {
    const machine = await thisMachine()
    const context: ProbeContext = {
      target: localTarget({ spools, worker: workerCommand() }),
      owner,
      onEvent: (event) => say(progressLine(event)),
      interrupt,
      wait: (ms) => delay(ms),
    }
    const found: KneeSearch[] = []
    for (const cell of open) {
      const artifact = await ensureFiles(cell, { place, signal: interrupt, say })
      const files = await namedFiles(cell, findLab(place.cwd))
      const programs = await programsOf(cell, place)
      const tryRate = async (rate: number) => {
        const objectives = expanded.objectives as Objectives
        const probePlan = planFor(atProbe(cell, rate), { expanded, machine, objectives })
        // One spool at a time: the worker of a process that was killed removes it, and with it all that there was.
        try {
          return await probeRate({ plan: probePlan, artifact, files, programs }, context)
        } finally {
          await removeSpools()
        }
      }
      found.push(await searchKnee(cell, tryRate, say))
    }
    return resolveRates(expanded, found)
  } finally {
    await removeSpools()
  }
}

/** A cell at a rate, for as many requests as a probe has, however long they take. */
function atProbe(cell: Cell, ratePerSecond: number): Cell {
  const { config, ...rest } = atRate(cell, ratePerSecond)
  const { durationMs: _, ...load } = config.load as OpenLoad & { durationMs?: number }
  const requests = probeRequests(ratePerSecond)
  const trialMs = Math.max(rest.limits.trialMs, 10_000 + (3000 * requests) / ratePerSecond)
  return {
    ...rest,
    limits: { ...rest.limits, trialMs },
    config: { ...config, load: { ...load, requests } },
  }
}

type PlanContext = { expanded: Expanded; machine: Machine; objectives: Objectives }

function planFor(cell: Cell, { expanded, machine, objectives }: PlanContext) {
  const { memory: _, ...fits } = machine // it has been held against that already
  const one = { ...expanded, cells: [cell], skipped: [], blocks: 1 }
  const seed = randomInt(2 ** 32)
  const plan = planExperiment({ expanded: one, seed, createdAtMs: Date.now(), machine: fits, command: 'probe' })
  return { ...plan, objectives }
}
