import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Lab, Started } from './lab.ts'
import { comparedWithSpools, spools } from './spool-and-store.ts'

const file = 'kills.yaml'
const runnerLivesMs = 2000
const workerLivesMs = 1200
const longestMs = 120_000

/** What is measured while it is killed: a tiny model, retried where it fails; in pairs, or by itself. */
export function experimentToKill({ compares, blocks }: { compares: boolean; blocks: number }): Record<string, string> {
  const text = `
name: kills
axes: { model: [random-5m], quantization: [f16, q4_0], workload: [decode, bench] }
load: { requests: 3 }
limits: { retries: 1 }
repeat: { blocks: ${blocks} }
${compares ? 'compare: { treatment: [quantization] }' : ''}
`
  return { [file]: text }
}

/** Runs the experiment of `experimentToKill`, or goes on with it. Another setup is accepted: a commit changes the tool's. */
const begin = (lab: Lab): Started => lab.start('run', `experiments/${file}`)
export const goOn = (lab: Lab): Started => lab.start('run', '--resume', '--accept-setup')

/**
 * Kills the runner so many times, each time a random while after it has begun to measure, and goes on with its plan; a plan that
 * is complete by then is followed by another. Returns how many were killed at work.
 */
export async function killRunners(lab: Lab, kills: number, random: () => number): Promise<number> {
  let killed = 0
  while (killed < kills) {
    const run = existsSync(lab.store) && (await openTrials(lab)) > 0 ? goOn(lab) : begin(lab)
    await until(
      () => /^plan /m.test(run.stderr()) || run.child.exitCode !== null,
      `a runner that begins: ${run.stderr()}`,
    )
    await delay(random() * runnerLivesMs)
    run.child.kill('SIGKILL')
    if ((await run.ended).signal === 'SIGKILL') killed += 1
  }
  return killed
}

/** Kills so many workers of running plans, each a random while after it has claimed its spool; the one after it lives. */
export async function killWorkers(lab: Lab, kills: number, random: () => number): Promise<Started> {
  const seen = new Set(existsSync(`${lab.store}.spool`) ? spools(`${lab.store}.spool`) : [])
  let run = begin(lab)
  for (let killed = 0; killed < kills;) {
    const pid = await newWorker(lab, seen, run)
    if (pid !== undefined) await delay(random() * workerLivesMs)
    if (pid !== undefined && isKilled(pid)) killed += 1
    // The fresh one runs to its end, so that the plan makes progress.
    if (pid === undefined || (await newWorker(lab, seen, run)) === undefined) {
      await run.ended
      if (killed < kills) run = begin(lab)
    }
  }
  return run
}

/** Goes on until every plan is complete; says what is not as it should be. */
export async function problemsAfter(lab: Lab): Promise<{ requests: number; problems: string[] }> {
  const problems: string[] = []
  for (let tries = 0; tries < 20 && (await openTrials(lab)) > 0; tries += 1) {
    const { code, stderr } = await goOn(lab).ended
    if (code !== 0) problems.push(`--resume ended with ${code}: ${stderr.slice(-500)}`)
  }
  const { plans } = JSON.parse((await lab.run('list', '--json')).stdout) as { plans: Plans }
  for (const { id, trials } of plans)
    if (trials['ok'] !== sum(trials)) problems.push(`plan ${id} is not complete: ${JSON.stringify(trials)}`)
  const { requests, differences, integrity } = comparedWithSpools(lab.store)
  if (integrity !== 'ok') problems.push(`integrity_check: ${integrity}`)
  return { requests, problems: [...problems, ...differences] }
}

type Plans = { id: string; trials: Record<string, number> }[]
const sum = (trials: Record<string, number>) => Object.values(trials).reduce((all, n) => all + n, 0)

async function openTrials(lab: Lab): Promise<number> {
  const { plans } = JSON.parse((await lab.run('list', '--json')).stdout) as { plans: Plans }
  return plans.reduce((all, { trials }) => all + sum(trials) - (trials['ok'] ?? 0) - (trials['failed'] ?? 0), 0)
}

/** Waits for a worker that has not been seen, and gives its process number; `undefined` where the run has ended. */
async function newWorker(lab: Lab, seen: Set<string>, run: Started): Promise<number | undefined> {
  const root = `${lab.store}.spool`
  const look = () =>
    existsSync(root) ? spools(root).find((spool) => !seen.has(spool) && existsSync(join(spool, 'claim'))) : undefined
  await until(() => look() !== undefined || run.child.exitCode !== null, 'a new worker')
  const fresh = look()
  if (fresh === undefined) return undefined
  seen.add(fresh)
  return (JSON.parse(readFileSync(join(fresh, 'claim'), 'utf8')) as { pid: number }).pid
}

function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false // it had ended
  }
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const start = performance.now(); !isSo(); await delay(5))
    if (performance.now() - start > longestMs) throw new Error(`waited in vain for ${what}`)
}
