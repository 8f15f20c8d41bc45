import { asksServer } from '../domain/backend-config.ts'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Ns } from '../domain/timeline.ts'
import { threadFirst } from './precedence.ts'

/** The clock's thread wakes this one that long before the moment; the rest is waited for in turns of the event loop. */
const earlyNs = 250_000
/** Timers have a grain of 1 ms, and fire up to that late. */
const timerEarlyMs = 2

/** At most 15 characters, so that the system has it whole. */
const threadName = 'benchbook-alarm'

/** Where the two threads meet. */
export type AlarmMemory = {
  /** [0] counts what was asked for, [1] how often the thread has woken this one. */
  counters: Int32Array
  /** [0]: the moment. */
  moment: Float64Array
}
export const alarmMemory = (shared: SharedArrayBuffer): AlarmMemory => ({
  counters: new Int32Array(shared, 0, 2),
  moment: new Float64Array(shared, 8, 1),
})

/**
 * Sleeps to a moment far more exactly than a timer does, and takes almost no CPU: a thread of its own waits, and wakes this one
 * through memory that both see. (At 500 a second on two cores: 99 % within 0.3 ms with 0.1 cores; turns of the event
 * loop alone took 0.7 cores for the same.) It is for the one sleeper of an open load: several are woken together, at the next moment
 * of any of them, and those that it was not for sleep on.
 */
export class Alarm implements AsyncDisposable {
  readonly #now: () => Ns
  readonly #shared = new SharedArrayBuffer(16)
  readonly #memory = alarmMemory(this.#shared)
  readonly #thread: Worker
  /** What is slept for, of each that sleeps. */
  readonly #moments: Ns[] = []

  constructor(now: () => Ns) {
    this.#now = now
    const main = new URL(`alarm-main${extname(import.meta.url)}`, import.meta.url)
    this.#thread = new Worker(main, { workerData: this.#shared, execArgv: [], name: threadName })
    this.#thread.once('online', () => void threadFirst(threadName))
  }

  readonly sleepUntil = async (at: Ns, signal: AbortSignal): Promise<void> => {
    while (this.#now() < at - earlyNs && !signal.aborted) await this.#rung(at - earlyNs, signal)
    await turnsUntil(at, this.#now, signal)
  }

  async #rung(at: Ns, signal: AbortSignal): Promise<void> {
    const { counters, moment } = this.#memory
    const ring = () => {
      Atomics.add(counters, 1, 1)
      Atomics.notify(counters, 1)
    }
    const rung = Atomics.load(counters, 1)
    this.#moments.push(at)
    moment[0] = Math.min(...this.#moments)
    Atomics.add(counters, 0, 1)
    Atomics.notify(counters, 0)
    signal.addEventListener('abort', ring)
    await Atomics.waitAsync(counters, 1, rung).value
    this.#moments.splice(this.#moments.indexOf(at), 1)
    signal.removeEventListener('abort', ring)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
  }
}

/** The same by timers and turns of the event loop: exact too, and dear where it is often asked for. */
export const timerSleep =
  (now: () => Ns) =>
  async (at: Ns, signal: AbortSignal): Promise<void> => {
    for (let leftMs = (at - now()) / 1e6; leftMs > 0 && !signal.aborted; leftMs = (at - now()) / 1e6)
      await (leftMs > timerEarlyMs + 1 ? timer(leftMs - timerEarlyMs, signal) : turnsUntil(at, now, signal))
  }

/** By a timer alone, up to 2 ms late: clients that are to begin apart need no more, and turns would be in the way of those at work. */
export const roughSleep =
  (now: () => Ns) =>
  async (at: Ns, signal: AbortSignal): Promise<void> => {
    for (let leftMs = (at - now()) / 1e6; leftMs > 0 && !signal.aborted; leftMs = (at - now()) / 1e6)
      await timer(Math.ceil(leftMs), signal)
  }

/**
 * What sleeps for the open loads of a launch: the thread only where there is one and a server is asked. It takes 16 MB, which
 * would count as the memory of an engine in this process, and that asks for moments more seldom.
 */
export function sleeper(
  { backend, trials }: Pick<LaunchSpec, 'backend' | 'trials'>,
  now: () => Ns,
): AsyncDisposable & Pick<Alarm, 'sleepUntil'> {
  const isOpen = trials.some(({ load }) => load.kind !== 'closed')
  if (isOpen && asksServer(backend)) return new Alarm(now)
  return { sleepUntil: timerSleep(now), [Symbol.asyncDispose]: async () => {} }
}

/** Turns of the event loop, one promise for all of them: what they leave behind holds up the arrivals after this one. */
const turnsUntil = (at: Ns, now: () => Ns, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const look = () => (now() >= at || signal.aborted ? resolve() : void setImmediate(look))
    look()
  })

async function timer(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const timeout = setTimeout(wake, ms)
  signal.addEventListener('abort', wake)
  await promise
  clearTimeout(timeout)
  signal.removeEventListener('abort', wake)
}
