import { expect, test } from 'vitest'
import { EmulatedServer } from '../../lib/emulator/emulated-server.ts'
import { evenly } from './emulation.ts'

const quick = { ...evenly, firstTokenMs: 1, tokenMs: 0.1 }

async function asking(url: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const asked = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return (await (await fetch(url + path, asked)).json()) as Record<string, unknown>
}

test('an emulated Ollama holds the models that it was asked for, until it is to let go of them', async () => {
  await using server = await EmulatedServer.start({ emulation: quick, models: ['m', 'n:1b'] })
  const ask = (path: string, body?: object) => asking(server.url, path, body)
  const names = async () => ((await ask('/api/ps'))['models'] as { name: string }[]).map(({ name }) => name)
  expect(await names()).toEqual([])
  expect(await ask('/api/generate', { model: 'm' })).toMatchObject({ response: '', done: true, done_reason: 'load' })
  expect(await ask('/api/chat', { model: 'n:1b', messages: [], keep_alive: '10m' })).toMatchObject({
    message: { role: 'assistant', content: '' },
    done_reason: 'load',
  })
  expect(await names()).toEqual(['m:latest', 'n:1b'])
  expect(await ask('/api/generate', { model: 'm', keep_alive: 0 })).toMatchObject({ done_reason: 'unload' })
  expect(await names()).toEqual(['n:1b'])
  const said = { model: 'm', prompt: 'Hello', stream: false, options: { num_predict: 2 } }
  expect(await ask('/api/generate', said)).toMatchObject({ done_reason: 'length', eval_count: 2 })
  expect(await names()).toEqual(['n:1b', 'm:latest'])
  expect(await ask('/api/generate', { ...said, keep_alive: '0s' })).toMatchObject({ done_reason: 'length' })
  expect(await names()).toEqual(['n:1b'])
})

test('how long a model is kept is told; one that is not there, or that nobody can ask for so, is not loaded', async () => {
  await using server = await EmulatedServer.start({ emulation: quick, models: ['m'] })
  const ask = (path: string, body?: object) => asking(server.url, path, body)
  const leftS = async () => {
    const [first] = (await ask('/api/ps'))['models'] as { expires_at: string }[]
    return first === undefined ? undefined : Math.round((Date.parse(first.expires_at) - Date.now()) / 1000 / 60)
  }
  for (const [keep, minutes] of [
    ['30m', 30],
    [120, 2],
    [undefined, 5],
    ['soon', 5],
  ] as const) {
    await ask('/api/generate', { model: 'm', keep_alive: keep })
    expect(await leftS()).toBe(minutes)
  }
  await ask('/api/generate', { model: 'm', keep_alive: -1 })
  expect(await leftS()).toBeGreaterThan(1e6)
  await ask('/api/generate', { model: 'm', keep_alive: 0 })
  expect(await ask('/api/generate', { model: 'other' })).toEqual({ error: "model 'other' not found" })
  expect(await ask('/api/chat', { model: 'm', messages: null })).toHaveProperty('error')
  expect((await ask('/api/chat', { model: 'm', messages: null }))['error']).toMatch(/messages/)
})
