import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTruth } from '../../lib/backend/emulated-truth.ts'
import { startEmulator } from '../../lib/backend/start-emulator.ts'
import type { EmulatedRequest } from '../../lib/domain/emulation.ts'
import type { ClientHealth, Invalidity, SpoolRecord } from '../../lib/domain/record.ts'
import { evenly } from '../backend/emulation.ts'
import { Lab } from '../system/lab.ts'
import { spools } from '../system/spool-and-store.ts'
import type { Figure } from './bound.ts'

const streams = 256
const requestsEach = 4
const outputTokens = 100

const experiment = (url: string) => `
name: accuracy
axes: { model: [emulated] }
models: { emulated: { artifacts: { none: { served: emulated } } } }
backends: { server: { kind: openai, url: '${url}' } }
workload: { kind: chat, prompts: [Tell me of tides.], sampling: { maxTokens: ${outputTokens} }, output: fixed }
load: { clients: ${streams}, requests: ${streams * requestsEach} }
repeat: { blocks: 1 }
`

/** What a trial of 256 streams measured, held against what the server wrote and when. */
export async function wireAccuracy(): Promise<Figure[]> {
  using lab = new Lab()
  const truthFile = join(lab.root, 'truth.ndjson')
  const { measured, client, invalid } = await measure(lab, truthFile)
  const truth = new Map((await readTruth(truthFile)).map((request) => [request.text, request]))
  const found = measured.flatMap(({ output = '', events }): Pair[] => {
    const wrote = truth.get(output)
    return wrote === undefined || events === undefined ? [] : [{ seenUs: events.deltasUs, wroteNs: contentNs(wrote) }]
  })
  if (found.length < streams * requestsEach) throw new Error(`only ${found.length} requests were found in the truth`)
  process.stderr.write(
    `client: ${JSON.stringify(client)}; said of itself: ${invalid.map(({ detail }) => detail).join('; ') || 'valid'}\n`,
  )
  return [
    {
      what: `p99 of |TTFT error|, ${streams} streams`,
      value: p99(found.map(ttftErrorMs)),
      unit: 'ms',
      limit: { atMost: 1 },
    },
    { what: 'p99 of |per-token error|', value: p99(found.flatMap(gapErrorsMs)), unit: 'ms', limit: { atMost: 1 } },
    { what: 'events per read, p99', value: client.eventsPerRead.p99, unit: '', limit: { atMost: 4 } },
    { what: 'found invalid by itself', value: invalid.length, unit: '', limit: { atMost: 0 } },
  ]
}

/** Of one request: microseconds from send, each from the one before; nanoseconds from when the server had read it. */
type Pair = { seenUs: readonly number[]; wroteNs: readonly number[] }

async function measure(lab: Lab, truthFile: string) {
  const emulation = { ...evenly, jitter: 0.05, slots: streams }
  await using server = await startEmulator(emulation, { models: ['emulated'], truthFile })
  lab.write('experiments/accuracy.yaml', experiment(server.url))
  const { code, stderr } = await lab.run('run', 'experiments/accuracy.yaml')
  if (code !== 0 && code !== 3) throw new Error(stderr)
  const records = spools(`${lab.store}.spool`).flatMap(recordsOf)
  const ended = records.find((record) => record.kind === 'trial-ended')
  if (ended?.client === undefined) throw new Error('the client said nothing of itself')
  const measured = records.filter((record) => record.kind === 'request').filter(({ phase }) => phase === 'measured')
  return {
    measured,
    client: ended.client satisfies ClientHealth,
    invalid: ended.invalid satisfies readonly Invalidity[],
  }
}

/** What the client took for the time to the first token, and how long it took the server from reading the request to writing it. */
function ttftErrorMs({ seenUs, wroteNs }: Pair): number {
  return (seenUs[0] as number) / 1000 - (wroteNs[0] as number) / 1e6
}

/** The gap before each token but the first, as seen and as written. */
function gapErrorsMs({ seenUs, wroteNs }: Pair): number[] {
  return seenUs.slice(1).map((gapUs, i) => gapUs / 1000 - ((wroteNs[i + 1] as number) - (wroteNs[i] as number)) / 1e6)
}

const contentNs = ({ writes }: EmulatedRequest) => writes.atNs.filter((_, i) => (writes.tokens[i] as number) > 0)

function p99(values: readonly number[]): number {
  const sorted = values.map(Math.abs).toSorted((a, b) => a - b)
  return sorted[Math.ceil(0.99 * sorted.length) - 1] as number
}

function recordsOf(spool: string): SpoolRecord[] {
  const lines = readFileSync(join(spool, 'records.ndjson'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as SpoolRecord)
}
