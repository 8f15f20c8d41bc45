import { expect, test } from 'vitest'
import { ollama } from '../../lib/backend/ollama.ts'
import type { RecipeContext, Started } from '../../lib/backend/recipe.ts'
import { EmulatedServer } from '../../lib/emulator/emulated-server.ts'
import { evenly } from '../emulator/emulation.ts'
import { type Answer, json, ScriptedApi } from './scripted-api.ts'
import { openAiLaunch } from './wire-launch.ts'

/** What the recipe has of a server that it started. */
function startedAt(url: string, model: string, change: Partial<RecipeContext> = {}): Started {
  const { hardware, artifact } = openAiLaunch(url)
  const backend = { name: 'o', kind: 'ollama', clientProcesses: 1, salt: false, launch: { args: {}, env: {} } } as const
  const own = { program: 'ollama', port: 0, args: [], source: { kind: 'ollama', name: model } as const }
  const context: RecipeContext = { backend, hardware, artifact, model, ...own, ...change }
  return { target: { url }, context, headers: {}, log: '', env: {}, signal: new AbortController().signal }
}

const breaking: Answer = (response) => void response.socket?.destroy()

test('a model is loaded with an empty prompt, told by its whole name, and let go with keep_alive: 0', async () => {
  await using server = await EmulatedServer.start({ emulation: evenly, models: ['m', 'other'] })
  const running = async () => (await (await fetch(`${server.url}/api/ps`)).json()) as { models: { name: string }[] }
  const started = startedAt(server.url, 'm')
  await ollama.load?.(started)
  await ollama.load?.(startedAt(server.url, 'other'))
  expect((await running()).models.map(({ name }) => name)).toEqual(['m:latest', 'other:latest'])
  expect(await ollama.observe(started)).toMatchObject({ version: 'emulated', varying: { size: 0, size_vram: 0 } })
  // Others of the same server are none of its business.
  await ollama.unload?.(started)
  expect((await running()).models.map(({ name }) => name)).toEqual(['other:latest'])
})

test('a model that the server does not have is told with what to do', async () => {
  await using server = await EmulatedServer.start({ emulation: evenly, models: ['m'] })
  await expect(ollama.load?.(startedAt(server.url, 'lacking'))).rejects.toThrowErrorMatchingInlineSnapshot(
    `[EngineFailure: ollama could not load the model (404): model 'lacking' not found: pull it with \`ollama pull lacking\`]`,
  )
})

test('a model that was made of a file is removed, whatever becomes of its unloading', async () => {
  await using server = await ScriptedApi.start({ '/api/generate': breaking, '/api/delete': json({}) })
  const change = { source: { kind: 'path', path: 'm.gguf' }, artifact: { digest: 'd', path: '/m.gguf' } } as const
  await expect(ollama.unload?.(startedAt(server.url, 'm', change))).rejects.toThrow('/api/generate could not be asked')
  expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/delete' })
})
