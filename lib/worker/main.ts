// The worker: `main <spool>` runs one launch from start to end. It outlives the runner that started it.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { extname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDiskFull } from '../domain/disk-full.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { LaunchOutcome } from '../domain/record.ts'
import { spoolFiles } from '../domain/spool-files.ts'
import type { Tokenizer } from '../domain/tokenizer.ts'
import { secretsOf, withoutSecretsOf } from '../backend/launch-env.ts'
import { cleanLog } from '../backend/server-log.ts'
import { UserError } from '../domain/user-error.ts'
import { fileTail } from '../shell/file-tail.ts'
import { endMarked, engineMark, launchMark, markVariable } from '../shell/marked-processes.ts'
import { throttleState } from '../telemetry/throttling.ts'
import { claimSpool } from './claim.ts'
import { driverFlags } from './driver-flags.ts'
import { guarded } from './guarded.ts'
import { handicapOf } from './handicap.ts'
import { startHeartbeat } from './heartbeat.ts'
import { observeHost, startSampling } from './observe-host.ts'
import { launchTokenizer } from './launch-tokenizer.ts'
import type { DriverMessage, StopWhen } from './messages.ts'
import { monotonicNs } from './monotonic.ts'
import { RecordWriter } from './record-writer.ts'
import { watchOwner } from './owned.ts'
import { type Driver, Supervision } from './supervise.ts'

const lookForRoomMs = 1000
// Each sequence of a batch is sampled in a thread of libuv's pool, and llama.cpp puts the logits in order when the first of them
// asks: two at a time may get each other's (node-llama-cpp 3.21.1; with 8 clients a fifth of the answers were wrong). With several
// threads each token is also computed in another one, whose core has other things in its caches: 5 % of decoding at 300 million
// parameters, up to 10 % at 50 million, where llama-bench stays in one.
const oneThread = { UV_THREADPOOL_SIZE: '1' }
const logTailBytes = 4096

const [spool] = process.argv.slice(2)
if (spool === undefined) throw new Error('usage: worker <spool>')
const inSpool = (file: keyof typeof spoolFiles) => join(spool, spoolFiles[file])
const launch = JSON.parse(readFileSync(inSpool('launch'), 'utf8')) as LaunchSpec

// What SIGTERM means for any program; SIGUSR2 lets the trial that runs come to its end. Heard from before the claim, which is
// when a runner begins to send them.
let asked: StopWhen | undefined
const stopping = new AbortController()
const onStop: ((when: StopWhen) => void)[] = []
const stop = (when: StopWhen) => {
  asked = asked === 'now' ? asked : when
  stopping.abort()
  for (const listener of onStop) listener(when)
}
process.on('SIGTERM', () => stop('now'))
process.on('SIGUSR2', () => stop('after-trial'))
process.stderr.on('error', () => {}) // a log that has no room is no reason to stop
if (await whenRoom(() => claimSpool(spool, launch.attempt))) {
  using _ = watchOwner(spool, launch.owner, () => stop('now'))
  await work(spool)
}

async function work(folder: string): Promise<void> {
  using records = await whenRoom(() => new RecordWriter(inSpool('records')))
  using _ = await whenRoom(() => startHeartbeat(inSpool('heartbeat'), () => records.pendingBytes))
  onStop.push((when) => when === 'now' && records.giveUp())
  records.append({ kind: 'claimed', attempt: launch.attempt, pid: process.pid, atMs: Date.now() })
  const outcome = await launched(folder, records)
  records.append({ kind: 'done', outcome, atMs: Date.now() })
  await records.drained()
}

async function launched(folder: string, records: RecordWriter): Promise<LaunchOutcome> {
  const passed = await guarded(launch, stopping.signal, (detail) =>
    records.append({ kind: 'waiting', detail, atMs: Date.now() }),
  )
  if (passed.status === 'refused') return { status: 'refused', detail: passed.detail, by: 'guard' }
  const counting = await named()
  if ('status' in counting) return counting
  const manifest = await observeHost()
  if (passed.status === 'stopped' || asked !== undefined) return { status: 'stopped' }
  const { findings } = passed
  const handicap = handicapOf(launch.backend, process.env)
  const conditions = {
    ...manifest.conditions,
    ...(findings.length > 0 && { guards: findings }),
    ...(handicap !== undefined && { handicap }),
  }
  return await supervise(folder, { manifest: { ...manifest, conditions }, records, ...counting })
}

/** Does what needs room on the disk when there is some. */
async function whenRoom<T>(make: () => T): Promise<T> {
  for (;;)
    try {
      return make()
    } catch (error) {
      if (!isDiskFull(error) || asked === 'now') throw error
      await delay(lookForRoomMs)
    }
}

/** The tokenizer that the launch names. */
async function named(): Promise<{ tokenizer?: Tokenizer } | LaunchOutcome> {
  try {
    const tokenizer = await launchTokenizer(launch)
    return tokenizer === undefined ? {} : { tokenizer }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { status: 'failed', reason: 'artifact-missing', detail: error.message, logTail: '' }
  }
}

type Supervised = { manifest: Omit<Manifest, 'engine'>; records: RecordWriter; tokenizer?: Tokenizer }

async function supervise(folder: string, { manifest, records, tokenizer }: Supervised): Promise<LaunchOutcome> {
  const origin = monotonicNs()
  const mark = launchMark(`${launch.planId}-${launch.launchId}`)
  const { driver, pid } = startDriver(folder, { origin, mark })
  await using sampling = startSampling(pid, origin, launch)
  const supervision = new Supervision(launch, {
    driver,
    manifest,
    append: (record) => records.append(record),
    ...(tokenizer && { tokenizer }),
    drained: () => records.drained(),
    pendingBytes: () => records.pendingBytes,
    sample: sampling.sample,
    follow: sampling.follow,
    throttled: () => throttleState(),
    logTail,
    originNs: origin,
    wallMs: Date.now,
    monotonicMs: () => performance.now(),
  })
  onStop.push((when) => supervision.stop(when))
  const outcome = await supervision.ended()
  // What its driver could not end any more.
  await endMarked(engineMark(mark))
  for (const log of ['engineLog', 'baseLog'] as const) cleanLog(inSpool(log), secretsOf(launch.backend))
  return outcome
}

/** The end of what a started engine printed, else of what its driver did. */
function logTail(): string {
  const printed = fileTail(inSpool('engineLog'), logTailBytes)
  return printed.trim() === '' ? fileTail(inSpool('log'), logTailBytes) : withoutSecretsOf(launch.backend, printed)
}

function startDriver(
  folder: string,
  { origin, mark }: { origin: number; mark: string },
): { driver: Driver; pid: number } {
  const log = openSync(inSpool('log'), 'a')
  const main = fileURLToPath(new URL(`driver-main${extname(import.meta.url)}`, import.meta.url))
  const env = { ...process.env, ...(launch.backend.kind === 'llama.cpp' && oneThread), [markVariable]: mark }
  const child = fork(main, [folder, String(origin)], {
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: driverFlags(launch.backend),
    env,
  })
  closeSync(log)
  // What only watches steps aside for what measures, which was started before and keeps its priority.
  setPriority(constants.priority.PRIORITY_LOW)
  const driver: Driver = {
    post: (message) => void (child.connected && child.send(message, () => {})),
    kill: () => void child.kill('SIGKILL'),
    onMessage: (listener) => void child.on('message', (message) => listener(message as DriverMessage)),
    exited: exitOf(child),
  }
  return { driver, pid: child.pid as number }
}

/** Resolves when the driver has ended and its last message has been read. */
async function exitOf(child: ChildProcess): Driver['exited'] {
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')])
  return { code, signal }
}
