import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { plain } from '../domain/plain.ts'
import { isAlive, type ProcessId } from '../shell/process-id.ts'
import { localTarget } from '../target/local.ts'
import { seenFrom } from './seen-from.ts'

/** The folder of what a process tries. */
export const probesFolder = (file: string, { pid, startTicks }: ProcessId) =>
  `${file}.probes.${pid}${startTicks === undefined ? '' : `-${startTicks}`}`

/** What is left of a process that was killed while it looked for a rate. */
export type LeftProbes = { path: string; pid: number }

const name = /^\.probes\.(\d+)(?:-(\d+))?$/

/** The folders beside a store whose processes are no more. */
export async function leftProbes(file: string): Promise<LeftProbes[]> {
  const folder = dirname(file)
  const names = await readdir(folder).catch(() => [])
  return names.flatMap((each) => {
    const start = basename(file)
    const [, pid, startTicks] = (each.startsWith(start) && name.exec(each.slice(start.length))) || []
    if (pid === undefined || isAlive({ pid: Number(pid), ...(startTicks !== undefined && { startTicks }) })) return []
    return [{ path: join(folder, each), pid: Number(pid) }]
  })
}

const patienceMs = 15_000
const lookMs = 50

/** Ends what still tries a rate for a process that is no more, and removes what it left; says so. */
export async function clearLeftProbes(file: string, { say, cwd }: { say: (line: string) => void; cwd: string }) {
  for (const { path, pid } of await leftProbes(file)) {
    await endWorkers(path)
    await rm(path, { recursive: true, force: true })
    say(
      `removed ${plain(seenFrom(cwd, path))}, which process ${pid} left when it was killed while it looked for a rate`,
    )
  }
}

/** A worker ends by itself soon after its process; one that does not is asked to, and in the end not asked. */
async function endWorkers(path: string): Promise<void> {
  const target = localTarget({ spools: path, worker: [process.execPath] })
  const spools = await spoolsIn(path)
  const running = async (spool: string) => (await target.state(spool)) === 'running'
  for (const spool of spools) {
    const untilMs = performance.now() + patienceMs
    await target.signal(spool, 'SIGTERM')
    while ((await running(spool)) && performance.now() < untilMs) await delay(lookMs)
    await target.signal(spool, 'SIGKILL')
  }
}

/** The spools of a folder, by their places in it. */
async function spoolsIn(path: string): Promise<string[]> {
  const plans = await readdir(path).catch(() => [])
  const spools = await Promise.all(
    plans.map(async (plan) => (await readdir(join(path, plan)).catch(() => [])).map((launch) => join(plan, launch))),
  )
  return spools.flat().filter((spool) => existsSync(join(path, spool)))
}
