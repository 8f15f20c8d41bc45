import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { EngineFailure } from '../domain/backend.ts'
import { evidence } from './evidence.ts'
import { httpAddress, reasonOf } from './http-dial.ts'
import type { HttpTarget } from './http-exchange.ts'

export type Got = { status: number; headers: Readonly<Record<string, string>>; body: string }

const usualBytes = 4 * 1024 * 1024
const usualPatienceMs = 10_000

/** What is larger, or takes longer, than what a server says of itself. */
export type Leave = { mostBytes?: number; patienceMs?: number; signal?: AbortSignal }

/**
 * Asks a server for something small, over a connection of its own: through no proxy, whatever the environment says. Throws an
 * `EngineFailure` (`unreachable`) where nothing answers within ten seconds.
 */
export function getJson(target: HttpTarget, path: string, headers: Readonly<Record<string, string>>): Promise<Got> {
  return asked(target, path, { headers })
}

/** The same of something that is asked for with a body, which is sent as JSON; within ten seconds where `leave` says nothing else. */
export function postJson(
  target: HttpTarget,
  path: string,
  { headers, body, ...leave }: { headers: Readonly<Record<string, string>>; body: unknown } & Leave,
): Promise<Got> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const own = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
  return asked(target, path, { headers: { ...headers, ...own }, text, ...leave })
}

type Asking = { headers: Readonly<Record<string, string>>; text?: string } & Leave

async function asked(
  target: HttpTarget,
  path: string,
  { headers, text, mostBytes = usualBytes, patienceMs = usualPatienceMs, signal }: Asking,
): Promise<Got> {
  const { origin, basePath, secure: secureContext } = httpAddress(target)
  const url = new URL(basePath + path, origin)
  const patience = AbortSignal.timeout(patienceMs)
  try {
    // An agent of its own has no proxies and keeps no connection.
    const options = {
      agent: false,
      ...(text !== undefined && { method: 'POST' }),
      headers: { accept: 'application/json', ...headers },
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    }
    const secured = { ...options, ...(secureContext && { secureContext, rejectUnauthorized: true }) }
    const response = await responseTo(url, secured, text)
    return { status: response.statusCode ?? 0, headers: headersOf(response), body: await bodyOf(response, mostBytes) }
  } catch (error) {
    const hint = hintAt(url, (error as NodeJS.ErrnoException).code)
    const why = patience.aborted ? `it did not answer within ${patienceMs / 1000} s` : reasonOf(error as Error) + hint
    throw new EngineFailure('unreachable', `${origin} could not be asked for ${url.pathname}: ${evidence(why)}`, {
      cause: error,
    })
  }
}

function hintAt({ protocol }: URL, code: string | undefined): string {
  if (code === 'ECONNRESET' && protocol === 'http:') return ', as a server does that speaks TLS: then use https://'
  return code === 'ECONNREFUSED' ? ': nothing listens there, start the server or correct backend.url' : ''
}

function responseTo(url: URL, options: RequestOptions, body?: string): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest
  return new Promise((resolve, reject) => {
    send(url, options, resolve).on('error', reject).end(body)
  })
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))

async function bodyOf(response: IncomingMessage, mostBytes: number): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (bytes > mostBytes) throw new Error(`it sent more than ${mostBytes} bytes`)
  }
  return Buffer.concat(parts).toString()
}
