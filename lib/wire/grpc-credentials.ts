import { type CallCredentials, ChannelCredentials, credentials, type experimental } from '@grpc/grpc-js'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type HttpAddress, namedHost } from './http-dial.ts'
import type { StampedSocket } from './stamped-socket.ts'

/**
 * How a channel makes a connection of a socket: with TLS where the address has it, and through something that stamps. The library
 * has this place for authentication; it is the one where a connection can be put between it and its socket.
 */
export class StampingCredentials extends ChannelCredentials {
  readonly #address: HttpAddress
  readonly #stamped: (socket: Socket) => StampedSocket

  constructor(address: HttpAddress, stamped: (socket: Socket) => StampedSocket) {
    super()
    this.#address = address
    this.#stamped = stamped
  }

  override _isSecure(): boolean {
    return this.#address.secure !== undefined
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other
  }

  override _createSecureConnector(
    _target: unknown,
    _options: unknown,
    callCredentials?: CallCredentials,
  ): experimental.SecureConnector {
    return {
      connect: async (socket) => {
        const through = await this.#secured(socket)
        // Of a socket the library uses what a Duplex has.
        return { socket: this.#stamped(through) as unknown as Socket, secure: this.#address.secure !== undefined }
      },
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => callCredentials ?? credentials.createEmpty(),
      destroy: () => {},
    }
  }

  async #secured(socket: Socket): Promise<Socket> {
    const { secure: secureContext, host } = this.#address
    if (secureContext === undefined) return socket
    const how = { secureContext, rejectUnauthorized: true, ALPNProtocols: ['h2'], ...namedHost(host) }
    const secured = connectTls({ socket, ...how })
    await once(secured, 'secureConnect')
    return secured
  }
}
