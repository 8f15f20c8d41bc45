import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Backend, type BackendContext, EngineFailure } from '../domain/backend.ts'
import type { PythonConfig } from '../domain/backend-config.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { Ns } from '../domain/timeline.ts'
import { plain } from '../domain/plain.ts'
import { engineMark, launchMark, markVariable } from '../shell/marked-processes.ts'
import { launchEnv } from './launch-env.ts'
import type { ReadyMessage } from './python-messages.ts'
import { PythonProcess } from './python-process.ts'
import { PythonSession } from './python-session.ts'
import { vllmLogFacts, vllmRootCause } from './vllm-log-facts.ts'

const ownScript = fileURLToPath(new URL('python-engine.py', import.meta.url))
const packages = { transformers: 'pip install torch transformers', 'vllm-offline': 'pip install vllm' }

/** Transformers or vLLM in a Python process of ours; `script` is what that runs. */
export const pythonEngineWith = (script: string): Backend<PythonConfig> => ({
  async start(launch, context) {
    const { backend, programs } = launch
    const python = programs?.[backend.kind] ?? 'python3'
    const { engineLog } = context
    // All that it starts has the mark too, so that the worker finds it whoever was killed.
    const mark = engineMark(context.mark ?? launchMark(`${launch.planId}-${launch.launchId}`))
    const { env: own, secrets } = launchEnv(environmentOf(backend), globalThis.process.env, 'backend.env')
    const env = { ...own, [markVariable]: mark }
    const log = engineLog !== undefined && { log: engineLog }
    const explained = (why: EngineFailure) => withRootCause(why, printedTo(engineLog), 'broke off')
    const install = packages[backend.kind]
    const process = new PythonProcess({ python, script, env, install, secrets, explained, ...log })
    try {
      const behind = await clockOf(process, context)
      const ready = await process.ask(startOf(launch))
      if (ready.kind !== 'ready')
        throw new EngineFailure('engine-error', `${backend.kind} did not say that it is ready`)
      tellTimes(ready, context)
      return new PythonSession({ process, context, facts: factsOf(launch, ready, engineLog), behind })
    } catch (error) {
      await process[Symbol.asyncDispose]()
      throw error instanceof EngineFailure ? withRootCause(error, printedTo(engineLog), 'did not start') : error
    }
  },
})

export const pythonEngine = pythonEngineWith(ownScript)

/** Probabilities that vLLM tells of a window: what makes some seconds of it. */
const toldProbabilities = 2e6

/** Tokens of which vLLM tells the probability, the likeliest: as many as there is room for, where a trial has a base. */
function likeliestOf({ backend, artifact, trials }: LaunchSpec<PythonConfig>): { likeliest?: number } {
  const contexts = trials.flatMap(({ workload, base }) =>
    workload.kind === 'perplexity' && base ? workload.context : [],
  )
  if (backend.kind !== 'vllm-offline' || contexts.length === 0) return {}
  const vocabulary = artifact.description?.vocabulary ?? Number.POSITIVE_INFINITY
  return { likeliest: Math.min(vocabulary, Math.floor(toldProbabilities / Math.max(...contexts))) }
}

function startOf(launch: LaunchSpec<PythonConfig>) {
  const { backend, artifact, hardware } = launch
  const { kind, dtype, threads, contextSize, args } = backend
  const { accelerator } = hardware.needs
  const asked = { engine: kind, model: artifact.path, dtype, threads, contextSize, accelerator, args }
  return { kind: 'start', ...asked, ...likeliestOf(launch) }
}

/** Threads of OpenMP follow from the environment alone; nothing is fetched, and nothing is told to anybody. */
function environmentOf({ threads, env }: PythonConfig): Record<string, string> {
  const own = { OMP_NUM_THREADS: String(threads), HF_HUB_OFFLINE: '1', VLLM_NO_USAGE_STATS: '1', DO_NOT_TRACK: '1' }
  return { ...own, ...env }
}

/** How far its clock is behind ours; both are the machine's monotonic clock where there is one for all processes. */
async function clockOf(process: PythonProcess, { now, log }: BackendContext): Promise<Ns> {
  await process.ask({ kind: 'clock' }) // the first answer comes when Python has started, which takes a while
  const before = now()
  const reply = await process.ask({ kind: 'clock' })
  const after = now()
  const its = reply.kind === 'clock' ? reply.now : before
  // Numbers of this size are exact to a few nanoseconds.
  if (its >= before - 100 && its <= after + 100) return 0
  const behind = (before + after) / 2 - its
  log(`Python's clock is another: its times are moved by ${behind / 1e6} ms, known to ${(after - before) / 2e6} ms`)
  return behind
}

const tellTimes = ({ importMs, loadMs }: ReadyMessage, { log }: BackendContext) =>
  log(`its modules took ${(importMs / 1000).toFixed(1)} s to load, the model ${(loadMs / 1000).toFixed(1)} s`)

function factsOf(
  { backend, artifact }: LaunchSpec<PythonConfig>,
  { versions, accelerator, devices, threads, contextSize, settings }: ReadyMessage,
  engineLog: string | undefined,
): EngineFacts {
  const { python, torch, transformers, vllm } = versions
  const isVllm = backend.kind === 'vllm-offline'
  const parts = [`torch ${torch}`, ...(isVllm ? [`transformers ${transformers}`] : []), `Python ${python}`]
  const { threads: bound, kvCacheTokens, ...logged } = vllmLogFacts(isVllm ? printedTo(engineLog) : '')
  const known = threads ?? bound
  const { digest, bytes, description } = artifact
  return {
    name: isVllm ? 'vLLM' : 'Transformers',
    version: (isVllm ? vllm : transformers) ?? 'unknown',
    build: parts.join(', '),
    accelerator,
    devices,
    ...(known !== undefined && { threads: known }),
    contextSize,
    // Left to itself vLLM takes what is free, which is more or less each time, and no setting.
    settings: {
      ...settings,
      ...logged,
      ...('kvCacheBytes' in settings && kvCacheTokens !== undefined && { kvCacheTokens }),
    },
    artifact: { ...description, digest, ...(bytes !== undefined && { bytes }) },
  }
}

const printedTo = (engineLog: string | undefined): string =>
  engineLog !== undefined && existsSync(engineLog) ? readFileSync(engineLog, 'utf8') : ''

/** Where one of vLLM's own processes fails, ours learns no more than that it did: its log has the reason. */
function withRootCause(error: EngineFailure, log: string, what: 'did not start' | 'broke off'): EngineFailure {
  if (!/root cause/i.test(error.message)) return error
  const cause = vllmRootCause(log)
  const why = cause === undefined ? 'one of its own processes failed and does not say why' : plain(cause)
  const isMemory = cause !== undefined && /\bmemory\b/i.test(cause)
  const doing = isMemory ? advice.memory : advice.other
  return new EngineFailure(isMemory ? 'out-of-memory' : error.reason, `vLLM ${what}: ${why}: ${doing}`, {
    cause: error,
  })
}

const advice = {
  memory: 'ask for less (contextSize, max_num_seqs or the memory of the KV cache in backend.args), or make room',
  other: 'benchbook logs TRIAL shows its whole trace',
}
