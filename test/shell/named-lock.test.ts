import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { takeLock } from '../../lib/shell/named-lock.ts'

const name = `test-${process.pid}`

test('a name is held by one process, which is named, and is free when that has been killed', async () => {
  const holder = fork(fileURLToPath(new URL('hold-lock.ts', import.meta.url)), [name])
  await once(holder, 'message')
  expect(await takeLock(name, 'us', 0)).toEqual({ status: 'held', holder: 'launch 1 of plan abc' })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(await takeLock(name, 'us', 0)).toMatchObject({ status: 'taken' })
})

test('what was released can be taken again by the same process', async () => {
  const again = `${name}-again`
  const lock = await takeLock(again, 'us', 0)
  expect(await takeLock(again, 'us', 0)).toEqual({ status: 'held', holder: 'us' })
  if (lock.status === 'taken') lock.release()
  expect(await takeLock(again, 'us', 0)).toMatchObject({ status: 'taken' })
})

test.runIf(process.platform === 'linux')(
  'what a stranger under the name answers is cut short and made plain',
  async () => {
    const taken = `stranger-${process.pid}`
    const stranger = createServer((socket) =>
      socket.on('error', () => {}).write(`\u001b[2J\nbenchbook: fine${'x'.repeat(1e6)}`),
    )
    stranger.listen(`\0benchbook-${taken}`)
    await once(stranger, 'listening')
    const lock = await takeLock(taken, 'us', 0)
    expect(lock).toMatchObject({
      status: 'held',
      holder: expect.stringMatching(/^\\u\{1b\}\[2J\\u\{a\}benchbook: finex+…$/),
    })
    expect(lock.status === 'held' && lock.holder.length).toBeLessThan(220)
    stranger.close()
  },
)
