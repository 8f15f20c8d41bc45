import { afterAll, beforeAll, describe } from 'vitest'
import { backendOf } from '../../lib/backend/backend-of.ts'
import type { CaikitHttpConfig, EngineServerConfig } from '../../lib/domain/backend-config.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { backendContract } from './contract.ts'
import { endlessTokens, type Played, recordedServer } from './recorded-server.ts'
import { serverContract } from './server-contract.ts'
import { chatOf, completionOf, openAiLaunch, sampling } from './wire-launch.ts'

type Config = EngineServerConfig | CaikitHttpConfig

/** Recorded answers of so many tokens, and one that failed. Which are of a real server: `data/streams/README.md`. */
type Recorded = {
  kind: Config['kind']
  tokens: number
  played: Required<Pick<Played, 'completion' | 'failing'>> & Pick<Played, 'chat'>
  /** How that failed. */
  reason: string
  countless?: true
  finish?: 'stop'
}

const recorded: readonly Recorded[] = [
  {
    kind: 'vllm',
    tokens: 12,
    played: { completion: 'vllm-completion.http', chat: 'vllm-chat-counts.http', failing: 'vllm-too-long.http' },
    reason: 'request-refused',
  },
  {
    kind: 'transformers-serve',
    tokens: 12,
    played: {
      completion: 'transformers-serve-completion.http',
      chat: 'transformers-serve-chat.http',
      failing: 'transformers-serve-other-model.http',
    },
    reason: 'request-refused',
  },
  {
    kind: 'llama-cpp-python',
    tokens: 12,
    played: {
      completion: 'llama-cpp-python-completion.http',
      chat: 'llama-cpp-python-chat.http',
      failing: 'llama-cpp-python-broken-off.http',
    },
    reason: 'closed-early',
    countless: true,
  },
  {
    kind: 'llama-server',
    tokens: 12,
    played: { completion: 'llama-server-completion.http', failing: 'bad-chunk.http' },
    reason: 'malformed-response',
  },
  {
    kind: 'ollama',
    tokens: 9,
    finish: 'stop',
    played: { completion: 'ollama-generate.http', failing: 'ollama-error-after-200.http' },
    reason: 'error-in-stream',
  },
  {
    kind: 'tgi',
    tokens: 6,
    finish: 'stop',
    played: { completion: 'tgi-generate-stream.http', failing: 'tgi-error-in-stream.http' },
    reason: 'error-in-stream',
  },
  {
    kind: 'caikit-http',
    tokens: 6,
    played: { completion: 'caikit-tgis.http', failing: 'caikit-error.http' },
    reason: 'error-in-stream',
  },
]

type Server = Awaited<ReturnType<typeof recordedServer>>

for (const { kind, tokens, played, reason, ...ways } of recorded) {
  const name = `${kind}, recorded`
  describe(name, () => {
    let server: Server
    let faulty: Server
    beforeAll(async () => {
      const { failing: _, ...whole } = played
      server = await recordedServer(whole)
      faulty = await recordedServer(played)
    })
    afterAll(() => Promise.all([server[Symbol.asyncDispose](), faulty[Symbol.asyncDispose]()]))

    const startAt = (which: () => Server) => async (origin: number) => {
      const backend = { name: 'mine', kind, url: which().url, clientProcesses: 1, salt: true } as Config
      const engine = await backendOf(kind)
      return await engine.start({ ...openAiLaunch(which().url), backend }, { now, origin, log: () => {} })
    }
    const start = startAt(() => server)
    const prompts = ['Hello', 'And so on'].map((text, index) => ({ id: `p${index + 1}`, text }))
    const common = { prompts, sampling: { ...sampling, maxTokens: tokens } }
    const completion = completionOf(common)
    backendContract(name, {
      start,
      completion,
      ...(played.chat !== undefined && { chat: chatOf(common) }),
      long: { ...completion, sampling: { ...sampling, maxTokens: endlessTokens } },
      impossible: { name: 'score', kind: 'perplexity', text: { id: 't', text: 'x' }, context: 64 },
      ...ways,
    })
    serverContract(name, { start, completion, failing: { start: startAt(() => faulty), reason }, ...ways })
  })
}
