// The process that has the engine: started by the worker, one per launch, with the spool and the origin of its clock.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { backendOf } from '../backend/backend-of.ts'
import { secretsOf } from '../backend/launch-env.ts'
import { cleanLog } from '../backend/server-log.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import { spoolFiles } from '../domain/spool-files.ts'
import { engineMark, killMarked, markVariable } from '../shell/marked-processes.ts'
import { takeLock } from '../shell/named-lock.ts'
import { tellParent } from '../shell/tell-parent.ts'
import { startBase } from './base-process.ts'
import { runBases } from './base-runs.ts'
import { startClient } from './client-process.ts'
import { driveLaunch } from './drive.ts'
import { handicapOf } from './handicap.ts'
import type { DriverMessage, DriverOutcome, WorkerMessage } from './messages.ts'
import { monotonicNs } from './monotonic.ts'
import { takePrecedence } from './precedence.ts'
import { sendsItself } from './sender.ts'
import { sleeper } from './sleep-until.ts'

const lockPatienceMs = 5000

const [spool, origin] = process.argv.slice(2)
if (spool === undefined || origin === undefined) throw new Error('usage: driver-main <spool> <origin>')

const folder = spool
const mark = process.env[markVariable]
const engineLog = join(spool, spoolFiles.engineLog)
const launch = JSON.parse(readFileSync(join(spool, spoolFiles.launch), 'utf8')) as LaunchSpec
const stopNow = new AbortController()
const stopAfterTrial = new AbortController()
let acknowledge = () => {}
process.on('message', (message: WorkerMessage) => {
  if (message.kind === 'go') acknowledge()
  else if (message.when === 'now') stopNow.abort()
  else stopAfterTrial.abort()
})
// Without its worker nobody keeps what is measured, and the device is to be free at once.
process.on('disconnect', () => {
  if (mark !== undefined) killMarked(engineMark(mark))
  for (const log of [engineLog, join(folder, spoolFiles.baseLog)]) cleanLog(log, secretsOf(launch.backend))
  process.kill(process.pid, 'SIGKILL')
})
process.stderr.on('error', () => {}) // a log that has no room is no reason to stop
// A terminal or a scheduler may signal the whole group; the worker says what to do.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR2', 'SIGHUP'] as const) process.on(signal, () => {})

const holder = `launch ${launch.launchId} of plan ${launch.planId} (process ${process.pid})`
const lock = await takeLock(`device-${launch.device}`, holder, lockPatienceMs)
const last: DriverMessage =
  lock.status === 'held'
    ? { kind: 'refused', detail: `device ${launch.device} is in use by ${lock.holder}` }
    : { kind: 'ended', outcome: await drive() }
// Threads of the engine may linger; everything is said, so end.
tellParent(last, () => process.exit(0))

async function drive(): Promise<DriverOutcome> {
  using bases = await runBases(launch, {
    spool: folder,
    start: (trialId, at) => startBase(folder, trialId, at),
    signal: stopNow.signal,
  })
  if (stopNow.signal.aborted) return { status: 'stopped' }
  tellParent({ kind: 'locked' } satisfies DriverMessage)
  // Where several processes send, each takes it for itself; an engine in this process is measured as any program has it.
  const isClient = launch.trials.some(({ load }) => sendsItself(launch.backend, load))
  const precedence = isClient ? await takePrecedence() : undefined
  const handicap = handicapOf(launch.backend, process.env)
  await using sleeping = sleeper(launch, monotonicNs)
  return await driveLaunch(launch, {
    backend: await backendOf(launch.backend.kind),
    startClient,
    ...(precedence && { precedence }),
    engineLog,
    ...(mark !== undefined && { mark }),
    ...(handicap !== undefined && { handicap }),
    bases,
    now: monotonicNs,
    sleepUntil: sleeping.sleepUntil,
    origin: Number(origin),
    log: (line) => process.stderr.write(`${line}\n`),
    post: tellParent,
    acknowledged: () => new Promise((resolve) => (acknowledge = resolve)),
    collectGarbage: () => globalThis.gc?.(),
    stopNow: stopNow.signal,
    stopAfterTrial: stopAfterTrial.signal,
  })
}
