import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { takeDeviceLock } from '../../lib/worker/device-lock.ts'

const device = `test-${process.pid}`

test('a device is held by one process, which is named, and is free when that has been killed', async () => {
  const holder = fork(fileURLToPath(new URL('hold-device.ts', import.meta.url)), [device])
  await once(holder, 'message')
  expect(await takeDeviceLock(device, 'us', 0)).toEqual({ status: 'held', holder: 'launch 1 of plan abc' })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(await takeDeviceLock(device, 'us', 0)).toEqual({ status: 'taken' })
})
