import type { HttpRequest, StreamOptions, StreamResult } from './http-exchange.ts'

/** Connections that are opened at a time: more would wait in a server's short queue, and be tried again after a second. */
const openedAtATime = 32

/** What a client of any protocol asks over: one request at a time. */
export type Connection = {
  /** Rejects with an `EngineFailure` ('unreachable'). */
  open: () => Promise<void>
  stream: (request: HttpRequest, options: StreamOptions) => Promise<StreamResult>
  close: () => void
}

/** A connection for each client, opened before anything is timed. */
export class ConnectionPool implements AsyncDisposable {
  readonly #connections: readonly Connection[]

  constructor(connections: readonly Connection[]) {
    this.#connections = connections
  }

  /** Opens every connection, or none. Throws an `EngineFailure` ('unreachable'). */
  async open(): Promise<this> {
    try {
      for (let from = 0; from < this.#connections.length; from += openedAtATime) {
        await Promise.all(this.#connections.slice(from, from + openedAtATime).map((one) => one.open()))
      }
    } catch (error) {
      await this[Symbol.asyncDispose]()
      throw error
    }
    return this
  }

  /** Asks over the connection of `client` (0 .. size - 1); one request at a time per client. A failure is a result. */
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
