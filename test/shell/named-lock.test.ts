import { fork } from 'node:child_process'
import { once } from 'node:events'
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
  expect(await takeLock(name, 'us', 0)).toEqual({ status: 'taken' })
})
