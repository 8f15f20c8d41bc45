// A control: bare sockets that stamp their reads and look at nothing until all is over. What these are late by is the machine's.
// usage: bare-streams URL STREAMS REQUESTS_EACH TOKENS; a line of JSON per measured request: when it was sent, its text and its times.
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { takePrecedence } from '../../lib/worker/precedence.ts'

await takePrecedence()
const [url = '', ...numbers] = process.argv.slice(2)
const [streams = 1, each = 1, tokens = 1] = numbers.map(Number)
const { hostname, port, host } = new URL(url)
const spreadMs = 1000
const mostReads = 2_000_000
const arena = Buffer.alloc(256 * 1024 * 1024)
const [ends, stamps] = [new Float64Array(mostReads), new Float64Array(mostReads)]
let [used, reads] = [0, 0]

const body = (client: number, at: number) =>
  JSON.stringify({
    model: 'emulated',
    stream: true,
    max_tokens: tokens,
    messages: [{ role: 'user', content: `${client} ${at} Tell me of tides.` }],
  })
const request = (text: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`

type Sent = { sentNs: number; reads: number[] }
const all: Sent[] = []

async function stream(client: number): Promise<void> {
  let current: Sent | undefined
  let ended: (() => void) | undefined
  const read = { buffer: Buffer.alloc(65_536), callback: onRead }
  function onRead(length: number, from: Uint8Array): boolean {
    stamps[reads] = monotonicNs()
    arena.set(from.subarray(0, length), used)
    used += length
    ends[reads] = used
    current?.reads.push(reads)
    reads += 1
    const isLast = arena.toString('latin1', used - 5, used) === '0\r\n\r\n'
    if (isLast) ended?.()
    return true
  }
  const socket = connect({ host: hostname, port: Number(port), onread: read })
  socket.setNoDelay(true)
  await new Promise((resolve) => socket.once('connect', resolve))
  await delay(500 + (client / streams) * spreadMs)
  for (let at = 0; at < each; at += 1) {
    const bytes = request(body(client, at))
    current = { sentNs: monotonicNs(), reads: [] }
    all.push(current)
    socket.write(bytes)
    await new Promise<void>((resolve) => (ended = resolve))
  }
  socket.destroy()
}

await Promise.all(Array.from({ length: streams }, (_, client) => stream(client)))
for (const { sentNs, reads: own } of all) {
  const pieces = own.map((read) => ({
    atNs: stamps[read] as number,
    texts: [...arena.toString('utf8', ends[read - 1] ?? 0, ends[read]).matchAll(/"content":"([^"]+)"/g)].map(
      ([, text]) => text,
    ),
  }))
  const events = pieces.flatMap(({ atNs, texts }) => texts.map((text) => ({ atNs, text })))
  const times = events.map(({ atNs }, i) => Math.round((atNs - (events[i - 1]?.atNs ?? sentNs)) / 1000))
  process.stdout.write(`${JSON.stringify({ sentNs, text: events.map(({ text }) => text).join(''), seenUs: times })}\n`)
}
