import { Client, connectivityState } from '@grpc/grpc-js'
import { EngineFailure } from '../domain/backend.ts'
import type { Ns } from '../domain/timeline.ts'
import { StampingCredentials } from './grpc-credentials.ts'
import { mostMessageBytes } from './grpc-frames.ts'
import { dial, type HttpAddress, httpAddress } from './http-dial.ts'
import type { HttpTarget } from './http-exchange.ts'
import { evidence } from './malformed-response.ts'
import type { ReadTurn } from './read-turn.ts'
import { type OnBytes, StampedSocket } from './stamped-socket.ts'

const connectTimeoutMs = 10_000
const never = 0x7f_ff_ff_ff

/**
 * One connection, no proxy, and nothing that happens unasked: no request is sent twice, no connection is shared or closed for being idle,
 * nothing is looked up but the address.
 */
const options = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.client_idle_timeout_ms': never,
  'grpc.max_receive_message_length': mostMessageBytes,
}

/** Reads `grpc://host:port`, or `grpcs://` with TLS. Throws an `EngineFailure` ('unreachable') where it can lead nowhere. */
export function grpcAddress({ url, caFile }: HttpTarget): HttpAddress {
  const scheme = /^(grpcs?):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined) throw new EngineFailure('unreachable', 'no grpc:// or grpcs:// URL')
  const http = url.replace(/^grpc/i, 'http')
  const address = httpAddress({ url: http, ...(caFile !== undefined && { caFile }) })
  return { ...address, origin: `${scheme}://${address.authority}`, protocol: 'h2' }
}

/** A channel of gRPC over one connection, whose bytes are heard. */
export class GrpcChannel {
  readonly client: Client
  readonly #address: HttpAddress
  #socket: StampedSocket | undefined
  /** The first bytes that came: shown where they are no HTTP/2. */
  #first: Buffer | undefined
  #isClosed = false

  private constructor(address: HttpAddress, context: { now: () => Ns; turn: ReadTurn }, on: OnBytes) {
    this.#address = address
    const heard: OnBytes = {
      onWrite: on.onWrite,
      onRead: (bytes, at) => {
        this.#first ??= Buffer.from(bytes.subarray(0, 64))
        on.onRead(bytes, at)
      },
      onClose: (at, error) => {
        this.#isClosed = true
        on.onClose?.(at, error)
      },
    }
    const stamped = new StampingCredentials(
      address,
      (socket) => (this.#socket = new StampedSocket(socket, context, heard)),
    )
    this.client = new Client(`dns:${bracketed(address.host)}:${address.port}`, stamped, options)
  }

  /** Resolves when the connection stands. Rejects with an `EngineFailure` ('unreachable', or 'stopped' by the signal). */
  static async open(
    address: HttpAddress,
    context: { now: () => Ns; turn: ReadTurn },
    { on, signal }: { on: OnBytes; signal?: AbortSignal | undefined },
  ): Promise<GrpcChannel> {
    const channel = new GrpcChannel(address, context, on)
    try {
      await channel.#ready(signal)
      return channel
    } catch (error) {
      channel.close()
      throw error
    }
  }

  get isOpen(): boolean {
    return !this.#isClosed && this.client.getChannel().getConnectivityState(false) === connectivityState.READY
  }

  close(): void {
    this.#isClosed = true
    this.client.close()
    this.#socket?.destroy()
  }

  async #ready(signal: AbortSignal | undefined): Promise<void> {
    const deadline = Date.now() + connectTimeoutMs
    const channel = this.client.getChannel()
    for (;;) {
      if (signal?.aborted) throw new EngineFailure('stopped', 'stopped while a connection was opened')
      const state = channel.getConnectivityState(true)
      if (state === connectivityState.READY) return
      if (state === connectivityState.TRANSIENT_FAILURE) throw await this.#whyNot(signal)
      const isLate = await this.#changed(state, deadline, signal)
      if (isLate) throw this.#unreachable(`no answer within ${connectTimeoutMs / 1000} s`)
    }
  }

  /** Waits until the channel is in another state; `true` where it is too late for that. */
  #changed(from: connectivityState, deadline: number, signal: AbortSignal | undefined): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const onAbort = () => resolve(false)
    signal?.addEventListener('abort', onAbort, { once: true })
    this.client.getChannel().watchConnectivityState(from, deadline, (error) => resolve(error !== undefined))
    return promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  /** The library does not say why there is no connection: tried once more by hand, it shows. */
  async #whyNot(signal: AbortSignal | undefined): Promise<Error> {
    const onread = { buffer: Buffer.alloc(64), callback: () => true }
    try {
      const socket = await dial(this.#address, onread, signal)
      socket.destroy()
    } catch (error) {
      return error as Error
    }
    const came = this.#first === undefined ? 'it closed the connection' : `it said ${evidence(this.#first)}`
    return this.#unreachable(`the server does not speak HTTP/2, which gRPC needs: ${came}`)
  }

  #unreachable(why: string): EngineFailure {
    return new EngineFailure('unreachable', `no connection to ${this.#address.origin}: ${why}`)
  }
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)
