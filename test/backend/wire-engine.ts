import { openAi } from '../../lib/backend/openai.ts'
import type { Engine, EngineRequest } from '../../lib/domain/backend.ts'
import type { OpenAiConfig } from '../../lib/domain/backend-config.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import type { TrialSpec } from '../../lib/domain/launch.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { type Answer, models, ScriptedApi } from './scripted-api.ts'
import { chatOf, openAiLaunch, trialOf } from './wire-launch.ts'

/** Attaches to a server as the driver does. */
export const start = (
  server: Pick<ScriptedApi, 'url'>,
  change: Partial<OpenAiConfig> = {},
  log: (line: string) => void = () => {},
): Promise<Engine> => openAi.start(openAiLaunch(server.url, change), { now, origin: now(), log })

/** Sends one request: the first of a trial, unless it is said. */
export function send(engine: Engine, trial: TrialSpec, change: Partial<EngineRequest> = {}): Promise<RequestTimeline> {
  const request = { trial, index: 0, job: 0, phase: 'measured' as const, client: 0, scheduled: now(), ...change }
  return engine.send(request, () => {}, new AbortController().signal)
}

/** Sends one request to a server that answers it so; what came of it, and what was asked. */
export async function answered(answer: Answer, trial = trialOf(chatOf()), change: Partial<OpenAiConfig> = {}) {
  const path = trial.workload.kind === 'chat' ? '/v1/chat/completions' : '/v1/completions'
  await using server = await ScriptedApi.start({ '/v1/models': models('m'), [path]: answer })
  await using engine = await start(server, change)
  await engine.prepare(trial)
  return { timeline: await send(engine, trial), asked: server.posted.at(-1) as Record<string, unknown> }
}
