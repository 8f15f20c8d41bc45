import { afterAll, beforeAll, describe } from 'vitest'
import { backendOf } from '../../lib/backend/backend-of.ts'
import type { CaikitHttpConfig, EngineServerConfig } from '../../lib/domain/backend-config.ts'
import type { Emulation, FaultRule } from '../../lib/domain/emulation.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { type RunningEmulator, startEmulator } from '../../lib/emulator/start-emulator.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { backendContract } from '../backend/contract.ts'
import { serverContract } from '../backend/server-contract.ts'
import { chatOf, completionOf, openAiLaunch, sampling } from '../backend/wire-launch.ts'
import { evenly } from '../emulator/emulation.ts'

const quick: Emulation = { ...evenly, firstTokenMs: 20, tokenMs: 2 }
const prompts = ['Hello', 'tell me a story of a road'].map((text, index) => ({ id: `p${index + 1}`, text }))
const failing: FaultRule = { kind: 'error-in-stream', at: 'mid-stream', every: 2 }

type Config = EngineServerConfig | CaikitHttpConfig
type Kind = Config['kind']

const launchAt = (url: string, kind: Kind): LaunchSpec => ({
  ...openAiLaunch(url),
  backend: { name: 'mine', kind, url, clientProcesses: 1, salt: true } as Config,
})

/** Each kind at an emulated server, which answers all protocols. */
const kinds: readonly { kind: Kind; output: 'fixed' | 'natural'; chats: boolean }[] = [
  { kind: 'ollama', output: 'natural', chats: true },
  { kind: 'llama-server', output: 'fixed', chats: true },
  { kind: 'tgi', output: 'natural', chats: true },
  { kind: 'caikit-http', output: 'fixed', chats: false },
]

describe('protocols', () => {
  let server: RunningEmulator
  let faulty: RunningEmulator
  beforeAll(async () => {
    server = await startEmulator(quick, { models: ['*'] })
    faulty = await startEmulator({ ...quick, faults: [failing] }, { models: ['*'] })
  })
  afterAll(() => Promise.all([server.stop(), faulty.stop()]))

  for (const { kind, output, chats } of kinds) {
    const common = { prompts, sampling: { ...sampling, maxTokens: 24 }, output }
    const at = (which: () => RunningEmulator) => (origin: number) =>
      backendOf(kind).then((backend) => backend.start(launchAt(which().url, kind), { now, origin, log: () => {} }))
    const start = at(() => server)
    const completion = completionOf(common)
    backendContract(kind, {
      start,
      completion,
      ...(chats && { chat: chatOf(common) }),
      long: completionOf({ ...common, sampling: { ...sampling, maxTokens: 20_000 } }),
      impossible: chats
        ? { name: 'score', kind: 'perplexity', text: { id: 't', text: 'x' }, context: 64 }
        : chatOf(common),
    })
    serverContract(kind, {
      start,
      completion,
      ...(chats && {
        conversation: chatOf({ ...common, prompts: [{ id: 'talk', text: 'Hello', followUps: ['And?', 'Bye'] }] }),
      }),
      failing: { start: at(() => faulty), reason: 'error-in-stream' },
    })
  }
})
