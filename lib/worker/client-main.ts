// One of several processes that send: started by the driver where one core is not enough. It attaches to the server by itself.
import { backendOf } from '../backend/backend-of.ts'
import { type Engine, EngineFailure } from '../domain/backend.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Precedence } from '../domain/record.ts'
import { tellParent } from '../shell/tell-parent.ts'
import type { FromClient, ToClient } from './client-messages.ts'
import { monotonicNs as now } from './monotonic.ts'
import { preflight } from './preflight.ts'
import { takePrecedence } from './precedence.ts'
import { sleeper, timerSleep } from './sleep-until.ts'
import { watchedTrial } from './watched-trial.ts'

const origin = now()
const atUs = () => Math.round((now() - origin) / 1000)
const post = (message: FromClient) => tellParent(message)
const log = (line: string) => process.stderr.write(`${line}\n`)

// Without its driver nobody keeps what is measured.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR2', 'SIGHUP'] as const) process.on(signal, () => {})

let engine: Engine | undefined
let sleepUntil = timerSleep(now)
let precedence: Precedence | undefined
let stop = () => {}
let go = () => {}
process.on('message', (message: ToClient) => {
  switch (message.kind) {
    case 'attach':
      return void attach(message.launch)
    case 'trial':
      post({ kind: 'began', phase: 'warmup', atUs: atUs() })
      return void drive(message)
    case 'go':
      post({ kind: 'began', phase: 'measured', atUs: atUs() })
      return go()
    case 'stop':
      stop()
      return go()
  }
})

async function attach(launch: LaunchSpec): Promise<void> {
  try {
    precedence = await takePrecedence()
    const backend = await backendOf(launch.backend.kind)
    sleepUntil = sleeper(launch, now).sleepUntil
    engine = await backend.start(launch, { now, origin, log })
    // A server that closes connections after each response is known by two: one here, one of the warm-up.
    await preflight(launch, engine, { now, signal: new AbortController().signal })
    post({ kind: 'attached' })
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    post({ kind: 'failed', reason: error.reason, detail: error.message })
  }
}

async function drive({ trial, share }: Extract<ToClient, { kind: 'trial' }>): Promise<void> {
  const abort = new AbortController()
  stop = () => abort.abort()
  const warm = Promise.withResolvers<void>()
  go = warm.resolve
  globalThis.gc?.()
  const warmedUp = () => {
    post({ kind: 'warmed-up' })
    return warm.promise
  }
  const onRequest = (index: number, timeline: Extract<FromClient, { kind: 'request' }>['timeline']) => {
    post({ kind: 'request', index, timeline })
  }
  const around = {
    engine: engine as Engine,
    now,
    origin,
    sleepUntil,
    share,
    ...(precedence && { precedence }),
    warmedUp,
    onRequest,
  }
  post({ kind: 'ended', result: await watchedTrial(trial, { ...around, signal: abort.signal }) })
}
