import type { Ns } from '../domain/timeline.ts'
import { GrpcConnection } from './grpc-connection.ts'
import { grpcAddress } from './grpc-channel.ts'
import type { HttpRequest, HttpTarget, StreamOptions, StreamResult } from './http-exchange.ts'
import { ReadTurn } from './read-turn.ts'
import { RecorderBudget } from './stream-recorder.ts'

/** Connections that are opened at a time. */
const openedAtATime = 32

/** A channel for each client, opened before anything is timed: what `HttpPool` is for HTTP. */
export class GrpcPool implements AsyncDisposable {
  readonly #connections: readonly GrpcConnection[]

  private constructor(connections: readonly GrpcConnection[]) {
    this.#connections = connections
  }

  /** Opens `size` channels, each with a connection of its own. Throws an `EngineFailure` ('unreachable'). */
  static async open(target: HttpTarget, size: number, { now }: { now: () => Ns }): Promise<GrpcPool> {
    const address = grpcAddress(target)
    const context = { now, turn: new ReadTurn(), budget: new RecorderBudget() }
    const pool = new GrpcPool(Array.from({ length: size }, () => new GrpcConnection(address, context)))
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

  /**
   * Calls over the channel of `client` (0 .. size - 1); one call at a time per client. `path` is `/package.Service/Method`, `body` its
   * message as JSON, `headers` its metadata; `onEvent` gets each message of the answer as JSON. A failure is a result.
   */
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
