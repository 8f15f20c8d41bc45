import type { OpenAiConfig } from '../../lib/domain/backend-config.ts'
import type { ChatWorkload, CompletionWorkload, Sampling } from '../../lib/domain/cell.ts'
import type { LaunchSpec, TrialSpec } from '../../lib/domain/launch.ts'

export const sampling: Sampling = { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 42, maxTokens: 16 }
export const chatOf = (change: Partial<ChatWorkload> = {}): ChatWorkload => ({
  name: 'chat',
  kind: 'chat',
  prompts: [{ id: 'p1', text: 'Hello' }],
  sampling,
  output: 'natural',
  ...change,
})
export const completionOf = (change: Partial<CompletionWorkload> = {}): CompletionWorkload => ({
  ...chatOf(),
  kind: 'completion',
  ...change,
})

export const openAiLaunch = (url: string, change: Partial<OpenAiConfig> = {}): LaunchSpec<OpenAiConfig> => ({
  version: 1,
  launchId: 1,
  planId: 'plan',
  device: 'server',
  attempt: 1,
  backend: { name: 'server', kind: 'openai', url, clientProcesses: 1, salt: false, ...change },
  hardware: { name: 'local', target: 'local', needs: { accelerator: 'cpu' } },
  model: 'm',
  source: { kind: 'served', name: 'm' },
  artifact: { digest: 'd', path: `m at ${url}` },
  trials: [],
})

export const trialOf = (workload: TrialSpec['workload'], change: Partial<TrialSpec> = {}): TrialSpec => ({
  trialId: 1,
  cellId: 'cell',
  workload,
  load: { kind: 'closed', clients: 1, requests: 1 },
  warmup: { requests: 0 },
  limits: { loadMs: 60_000, firstTokenMs: 60_000, stallMs: 60_000, trialMs: 300_000, retries: 0 },
  orderSeed: 7,
  ...change,
})
