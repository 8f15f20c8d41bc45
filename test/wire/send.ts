import type { ConnectionPool } from '../../lib/wire/connection-pool.ts'
import { openHttpPool, type StreamOptions, type StreamResult } from '../../lib/wire/http-pool.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { scriptedServer, type Visit } from './scripted-server.ts'

export const never = new AbortController().signal
export const ask = { path: '/chat/completions', headers: { 'content-type': 'application/json' }, body: '{"ä":1}' }

export type Seen = { result: StreamResult; events: { data: string; at: number; read: number }[] }

/** One request over a pool's first connection, with the events it gave. */
export async function send(pool: ConnectionPool, options: Partial<StreamOptions> = {}): Promise<Seen> {
  const events: Seen['events'] = []
  const onEvent = (data: string, at: number, read: number) => events.push({ data, at, read })
  return { result: await pool.stream(0, ask, { signal: never, onEvent, ...options }), events }
}

/** One request to a server that does what `script` says. */
export async function visit(
  script: (visit: Visit) => Promise<void>,
  options: Partial<StreamOptions> = {},
): Promise<Seen> {
  await using server = await scriptedServer(script)
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  return await send(pool, options)
}
