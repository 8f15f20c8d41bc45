import { afterAll, beforeAll, describe } from 'vitest'
import { grpcServer } from '../../lib/backend/grpc-server.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { recordedCalls } from '../wire/recorded-grpc.ts'
import { backendContract } from './contract.ts'
import { endlessTokens, recording } from './recorded-server.ts'
import { serverContract } from './server-contract.ts'
import { chatOf, completionOf, openAiLaunch, sampling } from './wire-launch.ts'

const kinds = [
  { kind: 'tgis', file: 'tgis-generate.grpc', tokens: 4, failing: 'tgis-error.grpc', reason: 'error-in-stream' },
  {
    kind: 'caikit',
    file: 'caikit-generate.grpc',
    tokens: 3,
    failing: 'grpc-overloaded.grpc',
    reason: 'rate-limited',
    finish: 'stop',
  },
] as const

const isEndless = (ask: string) => ask.includes(String(endlessTokens))

type Server = Awaited<ReturnType<typeof recordedCalls>>

for (const { kind, file, tokens, failing, reason, ...ways } of kinds) {
  const name = `${kind}, recorded`
  describe(name, () => {
    let server: Server
    let faulty: Server
    beforeAll(async () => {
      server = await recordedCalls({ whole: recording(file) }, isEndless)
      faulty = await recordedCalls({ whole: recording(file), failing: recording(failing) }, isEndless)
    })
    afterAll(() => Promise.all([server[Symbol.asyncDispose](), faulty[Symbol.asyncDispose]()]))

    const startAt = (which: () => Server) => (origin: number) => {
      const backend = { name: kind, kind, url: which().url, clientProcesses: 1, salt: true }
      return grpcServer.start({ ...openAiLaunch(''), backend }, { now, origin, log: () => {} })
    }
    const start = startAt(() => server)
    const prompts = ['Hello', 'And so on'].map((text, index) => ({ id: `p${index + 1}`, text }))
    const completion = completionOf({ prompts, sampling: { ...sampling, maxTokens: tokens } })
    const long = { ...completion, sampling: { ...sampling, maxTokens: endlessTokens } }
    backendContract(name, { start, completion, long, impossible: chatOf({ prompts }), ...ways })
    serverContract(name, { start, completion, failing: { start: startAt(() => faulty), reason }, ...ways })
  })
}
