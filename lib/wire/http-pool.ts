import type { Ns } from '../domain/timeline.ts'
import { CloseHabit } from './close-habit.ts'
import { HttpConnection } from './http-connection.ts'
import { httpAddress } from './http-dial.ts'
import type { HttpRequest, HttpTarget, StreamOptions, StreamResult } from './http-exchange.ts'
import { ReadTurn } from './read-turn.ts'
import { RecorderBudget } from './stream-recorder.ts'

export type { HttpRequest, HttpTarget, StreamOptions, StreamResult } from './http-exchange.ts'

/** Connections that are opened at a time: more would wait in a server's short queue, and be tried again after a second. */
const openedAtATime = 32

/** A connection for each client, opened before anything is timed. */
export class HttpPool implements AsyncDisposable {
  readonly #connections: readonly HttpConnection[]

  private constructor(connections: readonly HttpConnection[]) {
    this.#connections = connections
  }

  /**
   * Opens `size` connections. `onLearned` is called when it was seen twice that the server closes a connection after its first
   * response, without having said so: each request opens its own from then on. Throws an `EngineFailure` ('unreachable').
   */
  static async open(
    target: HttpTarget,
    size: number,
    { now, onLearned = () => {} }: { now: () => Ns; onLearned?: () => void },
  ): Promise<HttpPool> {
    const address = httpAddress(target)
    const context = { now, turn: new ReadTurn(), budget: new RecorderBudget(), habit: new CloseHabit(onLearned) }
    const pool = new HttpPool(Array.from({ length: size }, () => new HttpConnection(address, context)))
    try {
      for (let from = 0; from < size; from += openedAtATime) {
        await Promise.all(pool.#connections.slice(from, from + openedAtATime).map((one) => one.open()))
      }
    } catch (error) {
      await pool[Symbol.asyncDispose]()
      throw error
    }
    return pool
  }

  /** Sends over the connection of `client` (0 .. size - 1); one request at a time per client. A failure is a result. */
  async stream(client: number, request: HttpRequest, options: StreamOptions): Promise<StreamResult> {
    const connection = this.#connections[client]
    if (!connection) throw new Error(`no client ${client}: the pool has ${this.#connections.length}`)
    return connection.stream(request, options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.close()
    return Promise.resolve()
  }
}
