import type { Emulation } from '../domain/emulation.ts'
import type { Ns } from '../domain/timeline.ts'
import type { Due } from './agenda.ts'

/** What a request asks of the emulated engine. */
export type Task = {
  /** Prompt tokens that take time. */
  promptTokens: number
  /** Output tokens of each chunk. */
  chunks: readonly number[]
  /** What a time is multiplied by: one call per token, in order. */
  factor: () => number
  /** It left the queue. */
  onStart: (startNs: Ns) => void
  /** A chunk is ready; `dueNs` is when that was to be. */
  onChunk: (index: number, dueNs: Ns) => void
}

/** A task that was taken on. */
export type Taken = { leave: (atNs: Ns) => void }

type Timing = Pick<Emulation, 'firstTokenMs' | 'promptTokenMs' | 'tokenMs' | 'slots' | 'slowdown'>

/**
 * The timing model. A task gets a slot or waits in a queue, first come, first served. From its start to its first chunk it
 * takes firstTokenMs + promptTokenMs * prompt tokens, from a chunk to the next tokenMs for each of the next one's tokens; each
 * of these times is multiplied by a factor of its own and by 1 + slowdown * (tasks at work - 1), as many as are at work when
 * it begins. A time begins when the one before was due, never when it was noticed: nothing drifts.
 */
export class EmulatedWork {
  readonly #timing: Timing
  readonly #add: (due: Due) => void
  readonly #queue = new Set<Running>()
  #working = 0

  constructor(timing: Timing, agenda: { add: (due: Due) => void }) {
    this.#timing = timing
    this.#add = (due) => agenda.add(due)
  }

  /** Takes a task on, at the time that it came. */
  join(task: Task, atNs: Ns): Taken {
    const running = new Running(task, this)
    if (this.#working < this.#timing.slots) this.#start(running, atNs)
    else this.#queue.add(running)
    return { leave: (leaveNs) => this.#leave(running, leaveNs) }
  }

  #start(running: Running, atNs: Ns): void {
    this.#working += 1
    const { firstTokenMs, promptTokenMs } = this.#timing
    running.state = 'working'
    running.dueNs = atNs
    running.task.onStart(atNs)
    const { factor, promptTokens } = running.task
    this.#next(running, (firstTokenMs + promptTokenMs * promptTokens) * factor())
  }

  /** Called when a chunk is ready. */
  ready(running: Running): void {
    if (running.state !== 'working') return
    const { task, dueNs } = running
    const index = running.index++
    // A first chunk's further tokens come with it: their draws are taken so that the later ones stay what they are.
    if (index === 0) for (let token = 1; token < (task.chunks[0] ?? 1); token += 1) task.factor()
    task.onChunk(index, dueNs)
    if (running.index >= task.chunks.length) this.#leave(running, dueNs)
    else this.#next(running, this.#chunkMs(running))
  }

  #chunkMs({ task, index }: Running): number {
    let ms = 0
    for (let token = 0; token < (task.chunks[index] ?? 0); token += 1) ms += this.#timing.tokenMs * task.factor()
    return ms
  }

  #next(running: Running, ms: number): void {
    if (running.state !== 'working') return
    running.dueNs += ms * (1 + this.#timing.slowdown * (this.#working - 1)) * 1e6
    this.#add(running)
  }

  #leave(running: Running, atNs: Ns): void {
    const { state } = running
    running.state = 'gone'
    if (state === 'waiting') this.#queue.delete(running)
    if (state !== 'working') return
    this.#working -= 1
    const [next] = this.#queue
    if (next === undefined) return
    this.#queue.delete(next)
    this.#start(next, atNs)
  }
}

class Running implements Due {
  readonly task: Task
  readonly #work: EmulatedWork
  dueNs: Ns = 0
  order = 0
  index = 0
  state: 'waiting' | 'working' | 'gone' = 'waiting'

  constructor(task: Task, work: EmulatedWork) {
    this.task = task
    this.#work = work
  }

  run(): void {
    this.#work.ready(this)
  }
}

/** How many tokens each chunk has: `perChunk`, the last what is left. */
export function chunkSizes(tokens: number, perChunk: number): number[] {
  const sizes = Array.from<number>({ length: Math.floor(tokens / perChunk) }).fill(perChunk)
  return tokens % perChunk === 0 ? sizes : [...sizes, tokens % perChunk]
}
