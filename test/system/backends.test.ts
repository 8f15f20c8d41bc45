import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { generateRandomModel } from '../../lib/artifact/generate-random-model.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { emulator } from '../../lib/backend/emulator.ts'
import { grpcServer } from '../../lib/backend/grpc-server.ts'
import { llamaCpp } from '../../lib/backend/llama-cpp.ts'
import { openAi } from '../../lib/backend/openai.ts'
import { type RunningEmulator, startEmulator } from '../../lib/emulator/start-emulator.ts'
import type { EmulatorConfig, LlamaCppConfig } from '../../lib/domain/backend-config.ts'
import type { Emulation } from '../../lib/domain/emulation.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { backendContract } from '../backend/contract.ts'
import { evenly } from '../emulator/emulation.ts'
import { serverContract } from '../backend/server-contract.ts'
import { chatOf, completionOf, openAiLaunch, sampling } from '../backend/wire-launch.ts'
import { smallestEngine } from '../embedded.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-backends-'))
const path = join(folder, 'model.gguf')
const { bytes, description, digest } = randomModel(5e6, 'f16')
beforeAll(() => generateRandomModel(randomModel(5e6, 'f16'), path))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const prompts = ['Hello', 'tell me a story of a road'].map((text, index) => ({ id: `p${index + 1}`, text }))
const common = { prompts, sampling: { ...sampling, maxTokens: 24 }, output: 'fixed' as const }
const longer = (maxTokens: number) => completionOf({ ...common, sampling: { ...sampling, maxTokens } })

const embedded: LaunchSpec<LlamaCppConfig> = {
  ...openAiLaunch(''),
  backend: smallestEngine,
  model: 'random-5m',
  source: { kind: 'random', parameters: 5e6, type: 'f16' },
  artifact: { digest, path, bytes, description },
}

backendContract('llama.cpp', {
  start: (origin) => llamaCpp.start(embedded, { now, origin, log: () => {} }),
  completion: completionOf(common),
  chat: chatOf(common),
  long: longer(200),
  impossible: longer(1000),
})

const quick: Emulation = { ...evenly, firstTokenMs: 20, tokenMs: 2 }
const emulated = (emulation: Emulation): LaunchSpec<EmulatorConfig> => ({
  ...openAiLaunch(''),
  backend: { name: 'rehearsal', kind: 'emulator', clientProcesses: 1, salt: true, ...emulation },
})
const startEmulated = (emulation: Emulation) => (origin: number) =>
  emulator.start(emulated(emulation), { now, origin, log: () => {} })
const served = {
  completion: completionOf(common),
  chat: chatOf(common),
  long: longer(20_000),
  impossible: { name: 'score', kind: 'perplexity' as const, text: { id: 't', text: 'x' }, context: 64 },
}
const talk = chatOf({ ...common, prompts: [{ id: 'talk', text: 'Hello', followUps: ['And?', 'Bye'] }] })

backendContract('emulator', { ...served, start: startEmulated(quick) })
serverContract('emulator', {
  completion: served.completion,
  conversation: talk,
  start: startEmulated(quick),
  failing: {
    start: startEmulated({ ...quick, faults: [{ kind: 'reset', at: 'mid-stream', every: 2 }] }),
    reason: 'connection-reset',
  },
})

const at = (which: () => RunningEmulator) => (origin: number) =>
  openAi.start(openAiLaunch(which().url, { salt: true }), { now, origin, log: () => {} })

const overGrpc = (kind: 'tgis' | 'caikit', which: () => RunningEmulator) => (origin: number) => {
  const url = which().url.replace('http', 'grpc')
  const launch = { ...openAiLaunch(''), backend: { name: kind, kind, url, clientProcesses: 1, salt: true } }
  return grpcServer.start(launch, { now, origin, log: () => {} })
}

describe('a server that runs already', () => {
  let server: RunningEmulator
  let faulty: RunningEmulator
  beforeAll(async () => {
    server = await startEmulator(quick, { models: ['m'] })
    const faults = [{ kind: 'server-error' as const, at: 'before-headers' as const, every: 2 }]
    faulty = await startEmulator({ ...quick, faults }, { models: ['m'] })
  })
  afterAll(() => Promise.all([server.stop(), faulty.stop()]))

  backendContract('openai', { ...served, start: at(() => server) })
  serverContract('openai', {
    completion: served.completion,
    conversation: talk,
    start: at(() => server),
    failing: { start: at(() => faulty), reason: 'server-error' },
  })

  for (const kind of ['tgis', 'caikit'] as const) {
    const start = overGrpc(kind, () => server)
    backendContract(kind, { start, completion: served.completion, long: served.long, impossible: talk })
    const failing = { start: overGrpc(kind, () => faulty), reason: 'server-error' }
    serverContract(kind, { start, completion: served.completion, failing })
  }
})
