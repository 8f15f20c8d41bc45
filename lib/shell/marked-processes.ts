import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, ownProcessId } from './process-id.ts'

/** The variable of the environment that says to which launch a process belongs; what it starts inherits it. */
export const markVariable = 'BENCHBOOK_LAUNCH'

/** A name for all that this process starts for a launch: with it whoever finds such a process can tell whether this one still runs. */
export function launchMark(launch: string): string {
  const { pid, startTicks = '' } = ownProcessId()
  return `${launch}@${pid}.${startTicks}`
}

/** What an engine of a launch is marked with: its driver, which is marked too, is none. */
export const engineMark = (mark: string): string => `${mark}/engine`

type Seen = { pid: number; parent: number; session: number; startTicks: string; mark: string | undefined }

/**
 * Ends an engine that was started in a session of its own with its mark, and all that it has started: SIGTERM to each, SIGKILL after
 * `graceMs`. Resolves when none is left, with the processes that even SIGKILL did not end within 10 s. Finds those that have left
 * the group or the session by their mark, and those that have lost their mark by session and parent. Only where there is /proc.
 */
export async function endMarked(mark: string, { graceMs = 5000 } = {}): Promise<number[]> {
  const members = new Members((seen) => seen.mark === mark)
  const told = new Set<number>()
  const startedMs = performance.now()
  for (let pauseMs = 5; ; pauseMs = Math.min(2 * pauseMs, 50)) {
    const left = members.look()
    const sinceMs = performance.now() - startedMs
    if (left.length === 0 || sinceMs > graceMs + patienceMs) return left
    for (const pid of left) {
      if (sinceMs >= graceMs) kill(pid, 'SIGKILL')
      else if (!told.has(pid)) kill(pid, 'SIGTERM')
      told.add(pid)
    }
    await delay(pauseMs)
  }
}

/** Ends the same at once, for a process that is about to end itself. */
export function killMarked(mark: string): void {
  killAll(new Members((seen) => seen.mark === mark))
}

/** Ends the engines of launches whose workers are no more; says which processes there were. */
export function killOrphans(): number[] {
  return killAll(new Members(({ mark, pid }) => mark !== undefined && isOrphan(mark, pid)))
}

/** Those that run with a mark, and all that belongs to them. */
export const markedProcesses = (mark: string): number[] => new Members((seen) => seen.mark === mark).look()

const patienceMs = 10_000
const mostRounds = 200
const roundMs = 5

function killAll(members: Members): number[] {
  const killed = new Set<number>()
  for (let round = 0; round < mostRounds; round += 1) {
    const left = members.look()
    if (left.length === 0) break
    for (const pid of left) {
      kill(pid, 'SIGKILL')
      killed.add(pid)
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, roundMs)
  }
  return [...killed]
}

/** The processes that belong together; one that has been seen to is known even when nothing shows it any more. */
class Members {
  readonly #isMarked: (seen: Seen) => boolean
  readonly #known = new Map<number, string>()
  readonly #sessions = new Set<number>()

  constructor(isMarked: (seen: Seen) => boolean) {
    this.#isMarked = isMarked
  }

  /** Those that run now. */
  look(): number[] {
    const all = processes()
    const byPid = new Map(all.map((seen) => [seen.pid, seen]))
    for (const seen of all)
      if (this.#isMarked(seen)) {
        this.#known.set(seen.pid, seen.startTicks)
        // Only a session that began with a marked process: whoever copies the variable into a shell keeps that.
        const leader = byPid.get(seen.session)
        // That of a container's own processes is 0 to whoever is in it: all that was started from outside.
        if (seen.session !== 0 && (leader === undefined || this.#isMarked(leader))) this.#sessions.add(seen.session)
      }
    for (let before = -1; before !== this.#known.size;) {
      before = this.#known.size
      for (const { pid, parent, session, startTicks } of all)
        if (this.#isKnown(byPid.get(parent)) || this.#sessions.has(session)) this.#known.set(pid, startTicks)
    }
    return all.filter((seen) => this.#isKnown(seen) && seen.pid !== process.pid).map(({ pid }) => pid)
  }

  #isKnown(seen: Seen | undefined): boolean {
    return seen !== undefined && this.#known.get(seen.pid) === seen.startTicks
  }
}

/** All processes that run here and are no zombies; of those of other users the mark cannot be read. */
function processes(): Seen[] {
  return namesIn('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const fields = textOf(`/proc/${name}/stat`)?.split(') ').at(-1)?.split(' ')
    const [state, parent, , session] = fields ?? []
    if (fields === undefined || state === 'Z' || state === 'X') return []
    const mark = markIn(textOf(`/proc/${name}/environ`))
    return [{ pid: Number(name), parent: Number(parent), session: Number(session), startTicks: fields[19] ?? '', mark }]
  })
}

const assignment = `${markVariable}=`

const markIn = (environ: string | undefined) =>
  environ
    ?.split('\0')
    .find((entry) => entry.startsWith(assignment))
    ?.slice(assignment.length)

/** Of an engine whose worker has gone; a worker of another container has a number that means nothing here. */
function isOrphan(mark: string, pid: number): boolean {
  const [, worker, startTicks] = /@(\d+)\.(\d+)\/engine$/.exec(mark) ?? []
  if (worker === undefined || startTicks === undefined || namespaceOf(pid) !== namespaceOf('self')) return false
  return !isAlive({ pid: Number(worker), startTicks })
}

function namespaceOf(pid: number | 'self'): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return `unknown of ${pid}`
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has just ended, or is not ours
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
