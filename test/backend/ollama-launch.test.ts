import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { engineServer } from '../../lib/backend/engine-server.ts'
import type { EngineServerConfig } from '../../lib/domain/backend-config.ts'
import type { ArtifactSource } from '../../lib/domain/cell.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { engineMark, launchMark, markedProcesses } from '../../lib/shell/marked-processes.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { chatOf, openAiLaunch, trialOf } from './wire-launch.ts'

const program = fileURLToPath(new URL('scripted-ollama.mjs', import.meta.url))
let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'benchbook-ollama-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const mark = launchMark('test-ollama')
const log = () => readFileSync(join(folder, 'engine.log'), 'utf8')
const start = (source: ArtifactSource, model: string) => {
  const launched: EngineServerConfig = {
    name: 'ollama',
    kind: 'ollama',
    launch: { args: {}, env: { OLLAMA_NUM_PARALLEL: '1' } },
    clientProcesses: 1,
    salt: false,
  }
  const spec: LaunchSpec<EngineServerConfig> = {
    ...openAiLaunch(''),
    backend: launched,
    programs: { ollama: program },
    model,
    source,
    artifact: { digest: 'd', path: '/models/m.gguf' },
    trials: [trialOf(chatOf())],
  }
  return engineServer.start(spec, { now, origin: now(), log: () => {}, engineLog: join(folder, 'engine.log'), mark })
}
const left = () => markedProcesses(engineMark(mark))
const asked = () =>
  log()
    .split('\n')
    .filter((line) => /^(POST|DELETE|created)/.test(line))

test('a model of its store is loaded, its settings are those that it printed, and it is unloaded', async () => {
  const engine = await start({ kind: 'ollama', name: 'llama3.2:1b' }, 'llama3.2:1b')
  expect(engine.facts).toMatchObject({
    version: '0.12.3',
    server: {
      model: 'llama3.2:1b',
      command: 'scripted-ollama.mjs serve',
      settings: {
        OLLAMA_NUM_PARALLEL: 1,
        OLLAMA_FLASH_ATTENTION: false,
        OLLAMA_CONTEXT_LENGTH: 4096,
        OLLAMA_KEEP_ALIVE: '5m0s',
        quantization_level: 'Q8_0',
        context_length: 4096,
      },
      varying: { size: 7, size_vram: 0 },
    },
  })
  await engine[Symbol.asyncDispose]()
  expect(asked().at(-1)).toBe('POST /api/generate {"model":"llama3.2:1b","keep_alive":0,"stream":false}')
  expect(asked()).not.toContainEqual(expect.stringMatching(/^DELETE/))
  expect(left()).toEqual([])
})

const files: readonly [ArtifactSource, string][] = [
  [{ kind: 'path', path: 'm.gguf' }, 'm'],
  [{ kind: 'hf', repo: 'org/name', revision: 'main', file: 'm.gguf' }, 'org/name'],
]
test.for(files)('a GGUF file is created under a name of ours, and removed afterwards: %j', async ([source, model]) => {
  const engine = await start(source, model)
  const name = engine.facts.server?.model as string
  expect(name).toMatch(/^benchbook-[0-9a-f]{12}:latest$/)
  expect(asked()).toContain(`created ${name} FROM /models/m.gguf`)
  await engine[Symbol.asyncDispose]()
  expect(asked().at(-1)).toBe(`DELETE /api/delete {"model":"${name}"}`)
  expect(left()).toEqual([])
})

test('a model that it does not have is told with what to do', async () => {
  const failed = start({ kind: 'ollama', name: 'qwen:0.5b' }, 'qwen:0.5b')
  await expect(failed).rejects.toThrowErrorMatchingInlineSnapshot(
    `[EngineFailure: ollama could not load the model (404): model 'qwen:0.5b' not found: pull it with \`ollama pull qwen:0.5b\`]`,
  )
  expect(left()).toEqual([])
})
