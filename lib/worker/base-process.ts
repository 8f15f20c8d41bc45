import { fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TrialEnd } from '../domain/record.ts'
import { engineMark, killMarked, markVariable } from '../shell/marked-processes.ts'
import { ofBase } from './evaluate-base.ts'

/** A process that scores a text with a base, as the driver sees it. */
export type BaseProcess = { kill: () => void; ended: Promise<TrialEnd> }

/** Starts one; it ends with this process, and what it writes goes where this one's does. */
export function startBase(spool: string, trialId: number, folder: string): BaseProcess {
  const main = fileURLToPath(new URL(`base-main${extname(import.meta.url)}`, import.meta.url))
  const child = fork(main, [spool, String(trialId), folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const mark = process.env[markVariable]
  let said: TrialEnd | undefined
  child.on('message', (message) => (said = message as TrialEnd))
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(([[code, signal]]) => {
    // What it has started may outlive it, in a session of its own.
    if (said === undefined && mark !== undefined) killMarked(engineMark(mark))
    const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`
    return said ?? ofBase({ reason: 'crashed', detail: `the process that scored the text ${how}` })
  })
  return { kill: () => void child.kill('SIGKILL'), ended }
}
