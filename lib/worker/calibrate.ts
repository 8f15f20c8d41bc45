import { getJson } from '../wire/http-get.ts'
import { openAi } from '../backend/openai.ts'
import { startEmulator } from '../emulator/start-emulator.ts'
import type { Engine } from '../domain/backend.ts'
import type { OpenAiConfig } from '../domain/backend-config.ts'
import type { LoadConfig } from '../domain/cell.ts'
import type { Emulation, EmulatedRequest } from '../domain/emulation.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { Calibration, ClientHealth } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { deriveRequest } from '../measure/derive-request.ts'
import { gapErrorsMs } from '../measure/gap-errors.ts'
import { sendLagMs } from '../measure/send-lag.ts'
import { spread } from '../measure/spread.ts'
import { ClientWatch } from '../telemetry/client-watch.ts'
import { monotonicNs } from './monotonic.ts'
import { runTrial } from './run-trial.ts'
import { Alarm } from './sleep-until.ts'

const model = 'calibration'
/** A server that takes no time: whatever is measured of it is the client's, the kernel's and the server's own. */
const nothing: Emulation = {
  seed: 1,
  firstTokenMs: 0,
  promptTokenMs: 0,
  tokenMs: 0,
  jitter: 0,
  slots: 64,
  slowdown: 0,
  role: 'none',
  tokensPerChunk: 1,
  chunksPerWrite: 1,
  usage: 'honest',
  cached: 0,
  faults: [],
}
/** One that writes at a pace, and knows when it wrote. */
const paced: Emulation = { ...nothing, firstTokenMs: 20, tokenMs: 10, jitter: 0.1 }

/** What is measured, in some four seconds. */
const stages = {
  ttft: { load: { kind: 'closed', clients: 1, requests: 300 }, maxTokens: 1, warmup: 50 },
  events: { load: { kind: 'closed', clients: 8, durationMs: 1000 }, maxTokens: 256, warmup: 20 },
  lag: {
    load: { kind: 'constant', ratePerSecond: 200, clients: 32, seed: 1, durationMs: 1000 },
    maxTokens: 1,
    warmup: 0,
  },
  gaps: { load: { kind: 'closed', clients: 16, requests: 32 }, maxTokens: 40, warmup: 0 },
} satisfies Record<string, Stage>
type Stage = { load: LoadConfig; maxTokens: number; warmup: number }
type Measured = { requests: readonly RequestTimeline[]; health: ClientHealth; seconds: number }

/**
 * What this client adds by itself on this machine: it asks a server that answers at once, and one whose writes are known, each
 * in a process of its own beside it, by the same code that measures. Throws where a request of these fails.
 */
export async function calibrate(log: (line: string) => void = () => {}): Promise<Calibration> {
  await using alarm = new Alarm(monotonicNs)
  const run = (engine: Engine, stage: Stage) => measure(engine, stage, alarm.sleepUntil)
  const atOnce = await at(nothing, log, async (engine) => {
    const [ttft, events, lag] = [
      await run(engine, stages.ttft),
      await run(engine, stages.events),
      await run(engine, stages.lag),
    ]
    return { ttft, events, lag }
  })
  const atPace = await at(paced, log, async (engine, url) => ({
    gaps: await run(engine, stages.gaps),
    written: await truthOf(url),
  }))
  const { ttft, events, lag } = atOnce
  const cpuUs = 1e6 * events.health.cpuCores * events.seconds
  return {
    atMs: Date.now(),
    ttftMs: spread(ttft.requests.flatMap((request) => deriveRequest(request).ttft_ms ?? [])),
    gapErrorMs: spread(gapErrorsMs(atPace.gaps.requests, atPace.written).map(inUs)),
    sendLagMs: spread(lag.requests.map(sendLagMs)),
    loopDelayMs: atPace.gaps.health.loopDelayMs,
    eventsPerSecond: Math.round(events.health.events / events.seconds),
    cpuUsPerEvent: Math.round((100 * cpuUs) / events.health.events) / 100,
  }
}

/** Starts a server, has it asked, and stops it. */
async function at<T>(
  emulation: Emulation,
  log: (line: string) => void,
  ask: (engine: Engine, url: string) => Promise<T>,
): Promise<T> {
  await using server = await startEmulator(emulation, { models: [model], log })
  await using engine = await openAi.start(launchAt(server.url), { now: monotonicNs, origin: 0, log })
  return await ask(engine, server.url)
}

async function measure(engine: Engine, stage: Stage, sleepUntil: Alarm['sleepUntil']): Promise<Measured> {
  const requests: RequestTimeline[] = []
  const watching: { watch: ClientWatch; atNs: number }[] = []
  globalThis.gc?.()
  const { end } = await runTrial(trialOf(stage), {
    engine,
    now: monotonicNs,
    origin: 0,
    sleepUntil,
    signal: new AbortController().signal,
    onMeasured: () => void watching.push({ watch: new ClientWatch(), atNs: monotonicNs() }),
    onRequest(_, timeline) {
      watching[0]?.watch.request(timeline)
      if (timeline.phase === 'measured' && timeline.outcome.status === 'ok') requests.push(timeline)
    },
  })
  const [begun] = watching
  if (end.status === 'failed') throw new Error(`${end.reason}: ${end.detail}`)
  if (begun === undefined || requests.length === 0) throw new Error('no answer came')
  return { requests, health: begun.watch.end(), seconds: (monotonicNs() - begun.atNs) / 1e9 }
}

const truthOf = async (url: string): Promise<EmulatedRequest[]> => {
  const lines = (await getJson({ url }, '/emulator/truth', {})).body.split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as EmulatedRequest)
}

const launchAt = (url: string): LaunchSpec<OpenAiConfig> => ({
  version: 1,
  launchId: 0,
  planId: model,
  device: model,
  attempt: 1,
  backend: { name: model, kind: 'openai', url, clientProcesses: 1, salt: false },
  hardware: { name: 'local', target: 'local', needs: { accelerator: 'cpu' } },
  model,
  source: { kind: 'served', name: model },
  artifact: { digest: model, path: model },
  trials: [],
})

const trialOf = ({ load, maxTokens, warmup }: Stage): TrialSpec => ({
  trialId: 0,
  cellId: model,
  workload: {
    name: model,
    kind: 'completion',
    prompts: [{ id: model, text: 'How long does nothing take?' }],
    sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 1, maxTokens },
    output: 'fixed',
  },
  load,
  warmup: { requests: warmup },
  limits: { loadMs: 5000, firstTokenMs: 5000, stallMs: 5000, trialMs: 10_000, retries: 0 },
  orderSeed: 1,
})

/** Milliseconds, to the microsecond: what clocks of processes tell. */
const inUs = (ms: number) => Math.round(1000 * ms) / 1000
