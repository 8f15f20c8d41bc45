import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describeGguf } from '../../lib/artifact/describe-gguf.ts'
import { readGgufHeader } from '../../lib/artifact/read-gguf.ts'
import { llamaCpp } from '../../lib/backend/llama-cpp.ts'
import { pythonEngine } from '../../lib/backend/python-engine.ts'
import type { Engine } from '../../lib/domain/backend.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { serverMetrics } from '../../lib/measure/server-metrics.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { takePrecedence } from '../../lib/worker/precedence.ts'
import { pythonLaunch } from '../backend/python-launch.ts'
import { send } from '../backend/wire-engine.ts'
import { completionOf, openAiLaunch, sampling, trialOf } from '../backend/wire-launch.ts'
import { smallestEngine } from '../embedded.ts'
import { engineProgram } from '../system/engines.ts'
import { type RealEngine, realEngines, startReal } from '../system/real-engines.ts'
import { type Figure, median } from './bound.ts'

const rounds = 9
const maxTokens = 400
const prompts = [{ id: 'class', text: 'import os\n\nclass Folder:\n    def __init__(self, path):\n' }]
const trial = trialOf(completionOf({ prompts, output: 'fixed', sampling: { ...sampling, maxTokens } }))

/** Milliseconds for each token decoded, and to the first one, as the client and as the engine has them. */
type Times = { client: number; engine: number; clientTtft: number; engineTtft: number | undefined }

/** The client's decode beside that of each engine which reports its own: over long answers, one at a time, medians. */
export async function engines(): Promise<Figure[]> {
  await takePrecedence() // as the client of a run does
  const logs = mkdtempSync(join(tmpdir(), 'benchbook-engines-'))
  const log = (name: string) => join(logs, `${name}.log`)
  const starts: Record<string, () => Promise<Engine>> = {
    'llama.cpp embedded': startEmbedded,
    'llama-server': () => startReal(realEngines['llama-server'] as RealEngine, 0, log('llama-server')),
    vLLM: () => startReal(realEngines['vLLM'] as RealEngine, 0, log('vllm')),
    'vLLM offline': () => startOffline(log('vllm-offline')),
  }
  const figures: Figure[] = []
  try {
    for (const [name, start] of Object.entries(starts)) figures.push(await figureOf(name, start))
  } finally {
    rmSync(logs, { recursive: true, force: true })
  }
  return figures
}

async function figureOf(name: string, start: () => Promise<Engine>): Promise<Figure> {
  await using engine = await start()
  await engine.prepare(trial)
  await send(engine, trial)
  const times: Times[] = []
  for (let round = 0; round < rounds; round += 1) times.push(await timesOf(engine))
  const of = (part: keyof Times) => median(times.map((each) => each[part] ?? Number.NaN))
  const [client, own] = [of('client'), of('engine')]
  process.stderr.write(
    `${name}: a token ${tell('client', client)}, ${tell('engine', own)}; the first ${tell('client', of('clientTtft'))}, ${tell('engine', of('engineTtft'))}\n`,
  )
  const value = 100 * Math.abs(median(times.map((each) => each.client / each.engine)) - 1)
  return { what: `decode, client beside ${name}`, value, unit: '%', limit: { atMost: 2 } }
}

async function timesOf(engine: Engine): Promise<Times> {
  const before = await engine.counters?.()
  const timeline = await send(engine, trial)
  if (timeline.outcome.status !== 'ok') throw new Error(`no answer: ${JSON.stringify(timeline.outcome)}`)
  const after = await engine.counters?.()
  const grown = Object.fromEntries(
    Object.entries(after ?? {}).map(([name, value]) => [name, value - (before?.[name] ?? 0)]),
  )
  const counted = serverMetrics(grown)
  const { decodeTokens, decodeMs, promptMs } = timeline.engine ?? {}
  const own = decodeTokens === undefined || decodeMs === undefined ? undefined : decodeMs / decodeTokens
  return {
    ...clientTimes(timeline),
    engine: own ?? counted.server_tpot_ms?.value ?? Number.NaN,
    engineTtft: promptMs ?? counted.server_ttft_ms?.value,
  }
}

function clientTimes({ events, outputTokens = Number.NaN }: RequestTimeline): Pick<Times, 'client' | 'clientTtft'> {
  const deltas = events?.deltasUs ?? []
  const first = deltas[0] ?? Number.NaN
  const rest = deltas.slice(1).reduce((sum, delta) => sum + delta, 0)
  return { client: rest / 1000 / (outputTokens - (events?.tokens?.[0] ?? 1)), clientTtft: first / 1000 }
}

const tell = (what: string, ms: number) => `${what} ${ms.toFixed(3)} ms`

function startEmbedded(): Promise<Engine> {
  const path = resolve('data/models/demo/demo-f16.gguf')
  const launch = {
    ...openAiLaunch(''),
    backend: { ...smallestEngine, contextSize: 1024 },
    source: { kind: 'path' as const, path },
    artifact: { digest: 'd', path, bytes: statSync(path).size, description: describeGguf(readGgufHeader(path)) },
  }
  return llamaCpp.start(launch, { now, origin: 0, log: () => {} })
}

function startOffline(engineLog: string): Promise<Engine> {
  const { program: python, env } = engineProgram('vllmPython')
  const change = { kind: 'vllm-offline' as const, dtype: 'float32' as const, args: { enforce_eager: true }, env }
  return pythonEngine.start(pythonLaunch(change, { python }), { now, origin: 0, log: () => {}, engineLog })
}
