// A parent that is killed, and a child that tells it something before it can know.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { tellParent } from '../../lib/shell/tell-parent.ts'

if (process.argv[2] === 'child') {
  const parent = process.ppid
  process.once('disconnect', () => {
    process.stdout.write('disconnected')
    process.exit(0)
  })
  tellParent({ kind: 'ready' })
  process.once('message', () => {
    while (process.ppid === parent); // within one turn: the channel's end is not read in between
    tellParent({ kind: 'request' })
  })
} else {
  const child = fork(fileURLToPath(import.meta.url), ['child'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.once('message', () => child.send('go', () => process.kill(process.pid, 'SIGKILL')))
}
