import { expect, test } from 'vitest'
import { startEmulator } from '../../lib/emulator/start-emulator.ts'
import { evenly } from './emulation.ts'

test('an emulated server runs in a process of its own until it is stopped', async () => {
  const emulator = await startEmulator({ ...evenly, firstTokenMs: 1, tokenMs: 1 }, { models: ['emulated', 'b'] })
  expect(emulator.pid).not.toBe(process.pid)
  const response = await fetch(`${emulator.url}/v1/models`)
  const { data } = (await response.json()) as { data: { id: string }[] }
  expect(data.map(({ id }) => id)).toEqual(['emulated', 'b'])
  await emulator.stop()
  await emulator.stop()
  expect(() => process.kill(emulator.pid, 0)).toThrow('ESRCH')
})

test('a signal ends it', async () => {
  const stopping = new AbortController()
  const emulator = await startEmulator(evenly, { models: ['emulated'], signal: stopping.signal })
  stopping.abort()
  await emulator.stop()
  expect(() => process.kill(emulator.pid, 0)).toThrow('ESRCH')
})

test('where it cannot listen it says why', async () => {
  await using first = await startEmulator(evenly, { models: ['emulated'] })
  const port = Number(new URL(first.url).port)
  const refused = startEmulator(evenly, { models: ['emulated'], port }).catch((error: unknown) => error)
  const { message, exitCode } = (await refused) as { message: string; exitCode: number }
  expect([exitCode, message.replace(String(port), 'PORT')]).toMatchInlineSnapshot(`
    [
      4,
      "cannot listen at 127.0.0.1:PORT: it is in use: end what listens there, or name another port (0 takes any that is free)",
    ]
  `)
})
