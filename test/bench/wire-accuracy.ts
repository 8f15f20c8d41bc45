import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readTruth } from '../../lib/emulator/emulated-truth.ts'
import { startEmulator } from '../../lib/emulator/start-emulator.ts'
import type { EmulatedRequest } from '../../lib/domain/emulation.ts'
import type { ClientHealth, Invalidity, SpoolRecord } from '../../lib/domain/record.ts'
import { clientFlags } from '../../lib/worker/driver-flags.ts'
import { evenly } from '../emulator/emulation.ts'
import { Lab } from '../system/lab.ts'
import { spools } from '../system/spool-and-store.ts'
import { type Figure, median } from './bound.ts'

const streams = 256
const requestsEach = 4
const outputTokens = 100
const rounds = 5
/** The limit of an error, with room for the grain of the client's own watch. */
const unseenMs = 2
const bareMain = fileURLToPath(new URL('bare-streams.ts', import.meta.url))

const experiment = (url: string) => `
name: accuracy
axes: { model: [emulated] }
models: { emulated: { artifacts: { none: { served: emulated } } } }
backends: { server: { kind: openai, url: '${url}' } }
workload: { kind: chat, prompts: [Tell me of tides.], sampling: { maxTokens: ${outputTokens} }, output: fixed }
load: { clients: ${streams}, requests: ${streams * requestsEach} }
repeat: { blocks: 1 }
`

/**
 * What a trial of 256 streams measured, held against what the server wrote and when: the median over rounds, since a virtual
 * machine pauses now and then. Beside it in each round bare sockets, which only stamp, with the same precedence: what they are late by
 * no client can help. All times are of one clock. What a server takes until it reads a request is its own time, and not in the error.
 */
export async function wireAccuracy(): Promise<Figure[]> {
  const found: Round[] = []
  for (let round = 0; round < rounds; round += 1) found.push(await measureRound())
  for (const { benchbook, bare, client, invalid } of found)
    process.stderr.write(
      `p99 of errors: TTFT ${benchbook.ttftMs.toFixed(2)} ms (bare sockets ${bare.ttftMs.toFixed(2)}), gaps ` +
        `${benchbook.gapMs.toFixed(2)} ms (bare sockets ${bare.gapMs.toFixed(2)}); client: ${JSON.stringify(client)}; ` +
        `${invalid.map(({ detail }) => detail).join('; ') || 'valid by its own account'}\n`,
    )
  const figure = (what: string, of: (round: Round) => number, atMost: number, unit = 'ms'): Figure => ({
    what,
    value: median(found.map(of)),
    unit,
    limit: { atMost },
  })
  const bare = (of: (round: Round) => number) => `(bare sockets ${median(found.map(of)).toFixed(2)} ms)`
  return [
    figure(
      `p99 of |TTFT error|, ${streams} streams ${bare((round) => round.bare.ttftMs)}`,
      (round) => round.benchbook.ttftMs,
      1,
    ),
    figure(`p99 of |per-token error| ${bare((round) => round.bare.gapMs)}`, (round) => round.benchbook.gapMs, 1),
    figure('events per read, p99', (round) => round.client.eventsPerRead.p99, 4, ''),
    // A round whose errors are beyond the limit and which does not say so would be worse than any error.
    figure('rounds beyond the limits that passed for valid', () => found.filter(passedUnseen).length, 0, ''),
  ]
}

type Errors = { ttftMs: number; gapMs: number }
type Round = { benchbook: Errors; bare: Errors; client: ClientHealth; invalid: readonly Invalidity[] }
/** Of one request: when it was sent; microseconds from send, each from the one before; when each was written. */
type Pair = { sentNs: number; seenUs: readonly number[]; wroteNs: readonly number[] }
type Seen = { sentNs: number; text: string; seenUs: readonly number[] }

const passedUnseen = ({ benchbook, invalid }: Round) => invalid.length === 0 && benchbook.gapMs > unseenMs

async function measureRound(): Promise<Round> {
  const bare = await errorsOf(async ({ url }) => {
    const args = [...clientFlags, bareMain, url, streams, requestsEach, outputTokens].map(String)
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 28 })
    return jsonLines<Seen>(stdout)
  })
  let said: Pick<Round, 'client' | 'invalid'> | undefined
  const benchbook = await errorsOf(async ({ url, lab }) => {
    const { measured, originNs, ...own } = await measured256(lab, url)
    said = own
    return measured.map(({ sentUs, output = '', events }) => ({
      sentNs: originNs + 1000 * sentUs,
      text: output,
      seenUs: events?.deltasUs ?? [],
    }))
  })
  return { benchbook, bare, ...(said as Pick<Round, 'client' | 'invalid'>) }
}

/** What was seen of a server of its own, against what that wrote. */
async function errorsOf(measure: (at: { url: string; lab: Lab }) => Promise<readonly Seen[]>): Promise<Errors> {
  using lab = new Lab()
  const truthFile = join(lab.root, 'truth.ndjson')
  const seen = await (async () => {
    const emulation = { ...evenly, jitter: 0.05, slots: streams }
    await using server = await startEmulator(emulation, { models: ['emulated'], truthFile })
    return await measure({ url: server.url, lab })
  })()
  const truth = new Map((await readTruth(truthFile)).map((request) => [request.text, request]))
  const pairs = seen.flatMap(({ sentNs, text, seenUs }): Pair[] => {
    const wrote = truth.get(text)
    return wrote === undefined || seenUs.length === 0 ? [] : [{ sentNs, seenUs, wroteNs: contentNs(wrote) }]
  })
  if (pairs.length < streams * requestsEach) throw new Error(`only ${pairs.length} requests were found in the truth`)
  return { ttftMs: p99(pairs.map(ttftErrorMs)), gapMs: p99(pairs.flatMap(gapErrorsMs)) }
}

async function measured256(lab: Lab, url: string) {
  lab.write('experiments/accuracy.yaml', experiment(url))
  const { code, stderr } = await lab.run('run', 'experiments/accuracy.yaml')
  if (code !== 0 && code !== 3) throw new Error(stderr)
  const records = spools(`${lab.store}.spool`).flatMap((spool) =>
    jsonLines<SpoolRecord>(readFileSync(join(spool, 'records.ndjson'), 'utf8')),
  )
  const ended = records.find((record) => record.kind === 'trial-ended')
  const originNs = records.find((record) => record.kind === 'loaded')?.originNs
  if (ended?.client === undefined || originNs === undefined) throw new Error('the client said nothing of itself')
  const measured = records.filter((record) => record.kind === 'request').filter(({ phase }) => phase === 'measured')
  return { measured, originNs, client: ended.client, invalid: ended.invalid }
}

/** What the client took for the time to the first token, and how long it was from sending to the write of that token. */
function ttftErrorMs({ sentNs, seenUs, wroteNs }: Pair): number {
  return (seenUs[0] as number) / 1000 - ((wroteNs[0] as number) - sentNs) / 1e6
}

/** The gap before each token but the first, as seen and as written. */
function gapErrorsMs({ seenUs, wroteNs }: Pair): number[] {
  return seenUs.slice(1).map((gapUs, i) => gapUs / 1000 - ((wroteNs[i + 1] as number) - (wroteNs[i] as number)) / 1e6)
}

const contentNs = ({ arrivalNs, writes }: EmulatedRequest) =>
  writes.atNs.filter((_, i) => (writes.tokens[i] as number) > 0).map((atNs) => arrivalNs + atNs)

function p99(values: readonly number[]): number {
  const sorted = values.map(Math.abs).toSorted((a, b) => a - b)
  return sorted[Math.ceil(0.99 * sorted.length) - 1] as number
}

const jsonLines = <T>(text: string): T[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
