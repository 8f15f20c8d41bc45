import { readFileSync } from 'node:fs'
import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { EngineFailure } from '../domain/backend.ts'
import { plain } from '../domain/plain.ts'
import type { HttpTarget } from './http-exchange.ts'

/** Where connections lead, read once from a target. */
export type HttpAddress = {
  /** Without the brackets of IPv6. */
  host: string
  port: number
  /** The header `Host`. */
  authority: string
  /** `http://host:port`, for messages. */
  origin: string
  /** Without a slash at its end. */
  basePath: string
  /** Absent without TLS. */
  secure?: SecureContext
  /** What TLS is asked for; `http/1.1` by default. */
  protocol?: 'h2'
}

const connectTimeoutMs = 10_000

/** Reads a target's URL and certificates. Throws an `EngineFailure` ('unreachable') where it can lead nowhere. */
export function httpAddress({ url, caFile }: HttpTarget): HttpAddress {
  const parsed = URL.parse(url)
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new EngineFailure('unreachable', `no http:// or https:// URL: ${plain(JSON.stringify(url))}`)
  }
  const isSecure = parsed.protocol === 'https:'
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (isSecure ? 443 : 80) : Number(parsed.port),
    authority: parsed.host,
    origin: parsed.origin,
    basePath: parsed.pathname.replace(/\/+$/, ''),
    ...(isSecure && { secure: createSecureContext({ ca: certificates(caFile), minVersion: 'TLSv1.2' }) }),
  }
}

/** Node's, the system's and the target's own. */
function certificates(caFile: string | undefined): string[] {
  const known = [...getCACertificates('default'), ...getCACertificates('system')]
  if (caFile === undefined) return known
  try {
    return [...known, readFileSync(caFile, 'utf8')]
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no text'
    throw new EngineFailure('unreachable', `the certificates of caFile cannot be read (${code})`, { cause: error })
  }
}

/**
 * Opens a connection with Nagle's algorithm off, past any proxy. A server's certificate is checked, whatever the environment
 * says. Rejects with an `EngineFailure` ('unreachable', or 'stopped' by the signal).
 */
export function dial(address: HttpAddress, onread: OnReadOpts, signal?: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const to = { host: address.host, port: address.port, noDelay: true, onread }
  const { secure: secureContext, host } = address
  const socket = secureContext
    ? connectTls({
        ...to,
        secureContext,
        rejectUnauthorized: true,
        ALPNProtocols: [address.protocol ?? 'http/1.1'],
        ...namedHost(host),
      })
    : connect(to)
  const fail = (why: string, cause?: unknown) => {
    socket.destroy()
    reject(new EngineFailure('unreachable', `no connection to ${address.origin}: ${why}`, { cause }))
  }
  const timer = setTimeout(() => fail(`no answer within ${connectTimeoutMs / 1000} s`), connectTimeoutMs)
  const onError = (error: Error) => fail(reasonOf(error), error)
  const onAbort = () => {
    socket.destroy()
    reject(new EngineFailure('stopped', 'stopped while a connection was opened'))
  }
  const settle = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
  // For ever: an error between this and the listener of whoever takes the connection shows by `destroyed`.
  socket.on('error', onError)
  socket.once(secureContext ? 'secureConnect' : 'connect', () => resolve(socket))
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  return promise.finally(settle)
}

/** What a server with several certificates is asked for. */
export const namedHost = (host: string) => (isIP(host) === 0 ? { servername: host } : {})

/** A system's code and words; of an attempt at several addresses, the first's; where the scheme is wrong, which to use. */
export function reasonOf(error: Error): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined
  const { message, rawPacket } = (first ?? error) as Error & { rawPacket?: Buffer }
  if (/:wrong version number:/.test(message)) return 'it does not answer in TLS: is it plain HTTP? Then use http://'
  if (rawPacket?.[0] === tlsAlert && rawPacket[1] === tlsMajor) return 'it answers in TLS, not in HTTP: use https://'
  // The place in OpenSSL's source says nothing to anybody.
  const [, words] = /error:[\dA-F]+:SSL routines:[^:]*:([^:]+):/.exec(message) ?? []
  return plain(words === undefined ? message : `TLS failed: ${words}`)
}

/** How a record of TLS begins that refuses what is no TLS. */
const [tlsAlert, tlsMajor] = [0x15, 3]
