// Scores a text with the base of a trial: `base-main <spool> <trial> <folder>`, before the engine that is measured is started, and
// in a process of its own, so that nothing of it is left in the memory that is measured.
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { backendOf } from '../backend/backend-of.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import { spoolFiles } from '../domain/spool-files.ts'
import { markVariable } from '../shell/marked-processes.ts'
import { tellParent } from '../shell/tell-parent.ts'
import { evaluateBase } from './evaluate-base.ts'
import { monotonicNs } from './monotonic.ts'

const [spool, trialId, folder] = process.argv.slice(2)
if (spool === undefined || trialId === undefined || folder === undefined)
  throw new Error('usage: base-main <spool> <trial> <folder>')

// Without its driver nobody waits for it. What it has started in Python ends with it.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR2', 'SIGHUP'] as const) process.on(signal, () => {})

const launch = JSON.parse(readFileSync(join(spool, spoolFiles.launch), 'utf8')) as LaunchSpec
const trial = launch.trials.find((each) => each.trialId === Number(trialId)) as TrialSpec
const mark = process.env[markVariable]
const end = await evaluateBase(launch, trial, {
  backend: await backendOf(launch.backend.kind),
  folder,
  freeBytes: async () => {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  },
  now: monotonicNs,
  origin: monotonicNs(),
  log: (line) => process.stderr.write(`${line}\n`),
  engineLog: join(spool, spoolFiles.baseLog),
  ...(mark !== undefined && { mark }),
})
tellParent(end, () => process.exit(0))
