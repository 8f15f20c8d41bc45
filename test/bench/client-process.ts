// A process of its own: takes streams by the way named, and prints what they cost.
// usage: client-process.ts benchbook|bare PORT STREAMS EVENTS SPREAD_MS [MARK]
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { openHttpPool } from '../../lib/wire/http-pool.ts'
import { ChunkReader } from '../../lib/backend/openai-chunks.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import type { ClientCost } from './client-bench.ts'

const [way, port, streams, total, spreadMs, mark] = [process.argv[2], ...process.argv.slice(3).map(Number)] as [
  string,
  number,
  number,
  number,
  number,
  number | undefined,
]
const body = JSON.stringify({ model: 'harbour-7b', stream: true, messages: [{ role: 'user', content: 'When?' }] })
const path = '/v1/chat/completions'
let events = 0
let reads = 0
let rssAtMark = 0

/** Resident bytes, without what the collector of garbage has only not come to yet. */
function held(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

const goesOn = () => events < total

function count(more: number): void {
  reads += 1
  events += more
  if (mark !== undefined && rssAtMark === 0 && events >= mark) rssAtMark = held()
}

/** The whole path: HTTP, events, chunks, timeline. */
async function benchbook(): Promise<() => Promise<void>> {
  const pool = await openHttpPool({ url: `http://127.0.0.1:${port}` }, streams, { now: monotonicNs })
  const signal = new AbortController().signal
  const request = { path, headers: { 'content-type': 'application/json' }, body }
  const client = async (number: number) => {
    await setTimeout((number / streams) * spreadMs)
    while (goesOn()) {
      const reader = new ChunkReader(Number.POSITIVE_INFINITY)
      const { sentAt, end } = await pool.stream(number, request, {
        signal,
        onEvent: (data, at, read) => reader.take(data, at, read),
      })
      const { events: seen } = reader.result(sentAt)
      if (end.status === 'failed') throw new Error(end.detail)
      count(seen?.deltasUs.length ?? 0)
      reads += (seen?.reads?.at(-1) ?? seen?.deltasUs.length ?? 1) - 1
    }
  }
  return async () => void (await Promise.all(Array.from({ length: streams }, (_, number) => client(number))))
}

/** Nothing but sockets whose reads are stamped and split into lines. */
async function bare(): Promise<() => Promise<void>> {
  const request = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const sockets = await Promise.all(
    Array.from({ length: streams }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      await once(socket, 'connect')
      return socket
    }),
  )
  const stamps: number[] = []
  const client = async (number: number) => {
    const socket = sockets[number] as Socket
    await setTimeout((number / streams) * spreadMs)
    while (goesOn()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const take = (bytes: Buffer) => {
        stamps[number] = monotonicNs()
        const text = bytes.toString()
        let more = 0
        for (const line of text.split('\n')) if (line.startsWith('data: {')) more += 1
        count(more)
        if (text.endsWith('0\r\n\r\n')) resolve()
      }
      socket.on('data', take)
      socket.write(request)
      await promise
      socket.off('data', take)
    }
  }
  return async () => void (await Promise.all(Array.from({ length: streams }, (_, number) => client(number))))
}

const run = await (way === 'bare' ? bare() : benchbook())
const before = process.cpuUsage()
const start = monotonicNs()
await run()
const wallUs = (monotonicNs() - start) / 1000
const { user, system } = process.cpuUsage(before)
const cost: ClientCost = { events, reads, wallUs, cpuUs: user + system, rssAtMark, rssAtEnd: held() }
process.stdout.write(`${JSON.stringify(cost)}\n`)
process.exit(0)
