import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Figure, median } from './bound.ts'

/** What a client process spent; `reads` of socket reads that brought events. */
export type ClientCost = {
  events: number
  reads: number
  wallUs: number
  cpuUs: number
  rssAtMark: number
  rssAtEnd: number
}
type Task = {
  eventsPerResponse: number
  gapMs: number
  streams: number
  events: number
  spreadMs: number
  mark?: number
}

const rounds = 5
const flood: Task = { eventsPerResponse: 1000, gapMs: 0, streams: 64, events: 1_000_000, spreadMs: 0 }
const paced: Task = { eventsPerResponse: 100, gapMs: 10, streams: 256, events: 150_000, spreadMs: 1000 }
const long: Task = { ...flood, events: 10_000_000, mark: 1_000_000 }

/** One client process against a server process of canned events, beside bare sockets that only split lines. */
export async function clientBench(): Promise<Figure[]> {
  const floods = await beside(flood)
  const paces = await beside(paced)
  const { rssAtMark, rssAtEnd } = await cost('benchbook', long)
  const perSecond = median(floods.map(({ benchbook }) => rate(benchbook)))
  const share = median(floods.map(({ benchbook, bare }) => (100 * rate(benchbook)) / rate(bare)))
  const perEvent = median(paces.map(({ benchbook }) => benchbook.cpuUs / benchbook.events))
  const bareEvent = median(paces.map(({ bare }) => bare.cpuUs / bare.events))
  return [
    { what: 'events per second of one core', value: perSecond, unit: 'events/s', limit: { atLeast: 150_000 } },
    { what: 'of what bare sockets take', value: share, unit: '%', limit: { atLeast: 60 } },
    {
      what: `CPU per paced event, 256 streams (bare sockets ${bareEvent.toFixed(1)} us)`,
      value: perEvent,
      unit: 'us',
      limit: { atMost: Number(Math.max(8, 2.2 * bareEvent).toFixed(1)) },
    },
    {
      what: `memory at 10 million events, of that at 1 million (${(rssAtMark / 1e6).toFixed(0)} MB)`,
      value: (100 * rssAtEnd) / rssAtMark,
      unit: '%',
      limit: { atMost: 110 },
    },
  ]
}

/** Of a whole core: a server that is slower leaves the client idle, which costs no CPU. */
const rate = ({ events, cpuUs }: ClientCost) => (events / cpuUs) * 1e6

async function beside(task: Task): Promise<Record<'benchbook' | 'bare', ClientCost>[]> {
  const costs: Record<'benchbook' | 'bare', ClientCost>[] = []
  for (let round = 0; round < rounds; round += 1) {
    costs.push({ bare: await cost('bare', task), benchbook: await cost('benchbook', task) })
  }
  return costs
}

async function cost(way: 'benchbook' | 'bare', task: Task): Promise<ClientCost> {
  const server = start(1, 'client-server.ts', [task.eventsPerResponse, task.gapMs])
  const [port] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const { streams, events, spreadMs, mark } = task
  const args = [way, Number(port), streams, events, spreadMs, ...(mark === undefined ? [] : [mark])]
  const client = start(0, 'client-process.ts', args)
  const told = await text(client.stdout as NodeJS.ReadableStream)
  server.stdin?.end()
  const found = JSON.parse(told) as ClientCost
  if (process.env['BENCH_DETAIL']) process.stderr.write(`${way} ${JSON.stringify({ ...task, ...found })}\n`)
  return found
}

/**
 * The young generation of V8's heap grows to its full size whatever is held: it has a size of its own here, so that resident
 * memory tells what the client holds.
 */
const node = ['--expose-gc', '--min-semi-space-size=16', '--max-semi-space-size=16']

const hasTaskset = spawnSync('taskset', ['-c', '1', 'true']).status === 0

/** A core of its own for each process, where the system can say so. */
function start(core: number, file: string, args: readonly (string | number)[]): ChildProcess {
  const own = [...node, join(import.meta.dirname, file), ...args.map(String)]
  const [program, ...before] = hasTaskset ? ['taskset', '-c', String(core), process.execPath] : [process.execPath]
  return spawn(program, [...before, ...own], { stdio: ['pipe', 'pipe', 'inherit'] })
}
