import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EngineFailure } from '../domain/backend.ts'
import { runCommand } from '../shell/run-command.ts'
import { evidence } from '../wire/evidence.ts'
import { type Fields, fieldsOf, parsedFields } from '../wire/json-fields.ts'
import { fieldsAt, postJson } from './ask-server.ts'
import { foundInLog } from './found-in-log.ts'
import { withTag } from './ollama-protocol.ts'
import type { Recipe, RecipeContext, Settings, Started } from './recipe.ts'
import { textOf } from './said-values.ts'

/** What it computes with stands in its environment, and it prints that as it starts: `OLLAMA_NUM_PARALLEL:1`. */
const variables = [
  'OLLAMA_NUM_PARALLEL',
  'OLLAMA_FLASH_ATTENTION',
  'OLLAMA_KV_CACHE_TYPE',
  'OLLAMA_CONTEXT_LENGTH',
  'OLLAMA_MAX_LOADED_MODELS',
  'OLLAMA_MAX_QUEUE',
  'OLLAMA_KEEP_ALIVE',
  'OLLAMA_LLM_LIBRARY',
  'OLLAMA_SCHED_SPREAD',
]
const createMs = 600_000
const unloadMs = 5000
const lookMs = 100

/**
 * `ollama serve`, written after its documentation. A model of its own store is asked for by its name; one of a GGUF file is
 * created under a name of ours, and removed afterwards.
 */
export const ollama: Recipe = {
  options: { no: 'omit' },
  argv: ({ program }) => [program, 'serve'],
  env: (context) => ({ OLLAMA_HOST: `127.0.0.1:${context.port}` }),
  health: '/api/version',
  asked: nameOf,
  async load(started) {
    if (isFile(started.context)) await create(started)
    const { status, body } = await postJson(started, '/api/generate', { model: nameOf(started.context), stream: false })
    if (status === 200) return
    const said = parsedFields(body)?.['error']
    const why = evidence(typeof said === 'string' ? said : body)
    const pull = status === 404 ? `: pull it with \`ollama pull ${nameOf(started.context)}\`` : ''
    throw new EngineFailure('engine-error', `ollama could not load the model (${status}): ${why}${pull}`)
  },
  async observe(started) {
    const [version, running, shown] = await Promise.all([
      fieldsAt(started, '/api/version'),
      fieldsAt(started, '/api/ps'),
      postJson(started, '/api/show', { model: nameOf(started.context) }).then(({ body }) => parsedFields(body)),
    ])
    const said = version?.['version']
    const { settings, varying } = loaded(running, nameOf(started.context))
    return {
      ...(typeof said === 'string' && { version: said }),
      settings: { ...environment(started), ...detailsOf(shown), ...settings },
      varying,
    }
  },
  async unload(started) {
    const { context } = started
    try {
      await letGo(started)
    } finally {
      // Else a copy of the file stays in the user's store, of a server too that does not let go of it.
      if (isFile(context)) await postJson(started, '/api/delete', { model: nameOf(context) }, 'DELETE')
    }
  },
}

async function letGo(started: Started): Promise<void> {
  const name = nameOf(started.context)
  const patient = { ...started, signal: AbortSignal.any([started.signal, AbortSignal.timeout(unloadMs)]) }
  await postJson(patient, '/api/generate', { model: name, keep_alive: 0, stream: false })
  for (let waitedMs = 0; waitedMs < unloadMs; waitedMs += lookMs) {
    if (!modelsIn(await fieldsAt(started, '/api/ps')).some((model) => isCalled(model, name))) break
    await delay(lookMs)
  }
}

/** A file of this machine, wherever it came from, and no model of Ollama's own. */
const isFile = ({ source }: RecipeContext) => source.kind !== 'ollama' && source.kind !== 'served'

/** Of a file a name that no model of the user has. */
function nameOf(context: RecipeContext): string {
  if (!isFile(context)) return context.model
  const { digest } = context.artifact
  return `benchbook-${createHash('sha256').update(digest).digest('hex').slice(0, 12)}:latest`
}

async function create({ context, env, signal }: Started): Promise<void> {
  // In a folder of our own: in one that all may write to, a name that can be guessed may be a link of somebody else's.
  const folder = mkdtempSync(join(tmpdir(), 'benchbook-'))
  const file = join(folder, 'modelfile')
  writeFileSync(file, `FROM ${context.artifact.path}\n`)
  try {
    const host = `OLLAMA_HOST=${env['OLLAMA_HOST']}`
    const argv = ['env', host, context.program, 'create', nameOf(context), '-f', file] as const
    const { code } = await runCommand(argv, { timeoutMs: createMs, signal })
    if (code === 0) return
    const how = code === undefined ? 'did not end' : `ended with code ${code}`
    throw new EngineFailure('engine-error', `ollama create ${how}: it takes GGUF files of architectures that it knows`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What it printed of its environment, else what it was given. */
function environment({ log, env }: Started): Settings {
  const patterns = Object.fromEntries(variables.map((name) => [name, new RegExp(`\\b${name}:([^\\s\\]]+)`)]))
  const given = Object.fromEntries(variables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
  return { ...given, ...foundInLog(log, patterns) }
}

function detailsOf(shown: ReturnType<typeof parsedFields>): Settings {
  const { quantization_level, parameter_size, family, format } = fieldsOf(shown?.['details']) ?? {}
  return texts({ quantization_level, parameter_size, family, format })
}

/** Listed under its whole name, whichever it is asked for by. */
const isCalled = ({ name, model }: Fields, asked: string) =>
  [name, model].some((own) => withTag(textOf(own)) === withTag(asked))

const modelsIn = (running: ReturnType<typeof parsedFields>) => {
  const models = running?.['models']
  return Array.isArray(models) ? models.map(fieldsOf).filter((model) => model !== undefined) : []
}

/** Its sizes are what it claims, and follow from the memory that was free. */
function loaded(running: ReturnType<typeof parsedFields>, name: string) {
  const own = modelsIn(running).find((model) => isCalled(model, name))
  const { context_length, digest, size, size_vram } = own ?? {}
  return { settings: texts({ context_length, digest }), varying: numbers({ size, size_vram }) }
}

const texts = (fields: Record<string, unknown>): Settings =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      (typeof value === 'string' && value !== '') || typeof value === 'number' ? [[name, value]] : [],
    ),
  )

const numbers = (fields: Record<string, unknown>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  )
