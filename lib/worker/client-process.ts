import { fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromClient, ToClient } from './client-messages.ts'
import { clientFlags } from './driver-flags.ts'

/** A process that sends, as the driver sees it. */
export type Client = {
  post: (message: ToClient) => void
  kill: () => void
  /** Called for every message, in order. */
  onMessage: (listener: (message: FromClient) => void) => void
  /** Resolves with how it ended, after its last message. */
  exited: Promise<string>
}

/** Starts a client process, which ends with this one; what it writes goes where this one's does. */
export function startClient(): Client {
  const main = fileURLToPath(new URL(`client-main${extname(import.meta.url)}`, import.meta.url))
  const child = fork(main, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: clientFlags })
  return {
    post: (message) => void (child.connected && child.send(message, () => {})),
    kill: () => void child.kill('SIGKILL'),
    onMessage: (listener) => void child.on('message', (message) => listener(message as FromClient)),
    exited: Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(([[code, signal]]) =>
      signal === null ? `exited with code ${code}` : `was ended by ${signal}`,
    ),
  }
}
