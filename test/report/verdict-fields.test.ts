import { expect, test } from 'vitest'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { differencesText, fieldText } from '../../lib/report/verdict-fields.ts'
import { wordsOf } from '../../lib/report/words.ts'

const english = wordsOf((await loadTemplates()).strings)
const korean = wordsOf((await loadTemplates(undefined, 'ko')).strings)

/** As they stand in configs and in manifests: of the embedded engine, of servers by their options and by what they say, of Python's. */
const named: Record<string, readonly string[]> = {
  'KV-cache type': [
    'engine.settings.kv_cache_dtype',
    'engine.server.settings.kv_cache_dtype',
    'backend.args.kv_cache_dtype',
    'backend.launch.args.kv-cache-dtype',
    'backend.launch.env.OLLAMA_KV_CACHE_TYPE',
    'engine.server.settings.OLLAMA_KV_CACHE_TYPE',
  ],
  'KV-cache type (keys)': ['backend.launch.args.cache-type-k', 'engine.server.settings.cache_type_k'],
  'KV-cache type (values)': ['backend.launch.args.cache_type_v', 'backend.launch.args.ctv'],
  'flash attention': ['backend.flashAttention', 'engine.flashAttention', 'backend.launch.args.flash-attn'],
  'batch size': ['backend.batchSize', 'engine.batchSize', 'backend.launch.args.batch-size'],
  'context size': ['backend.contextSize', 'engine.contextSize', 'engine.server.says.n_ctx'],
  threads: ['backend.threads', 'engine.threads', 'backend.extraBody.options.num_thread'],
  'engine build': ['engine.build', 'engine.server.says.build_info'],
  'engine version': ['engine.version'],
  'engine program': ['backend.program'],
  prompts: ['prompts'],
  'output limit': ['workload.sampling.maxTokens'],
  'sampling (temperature)': ['workload.sampling.temperature', 'backend.extraBody.temperature'],
  'sampling (top_k)': ['backend.extraBody.options.top_k'],
  'model file': ['artifact.digest', 'engine.artifact.digest'],
  'GPU driver': ['host.accelerators.0.driver', 'host.accelerators.3.driver'],
}

test.each(Object.entries(named))('%s', (name, fields) => {
  for (const field of fields) {
    expect(fieldText(field, english), field).toBe(name)
    expect(fieldText(field, korean), field).toMatch(/\p{Script=Hangul}/u)
  }
})

test.each([
  'engine.settings.some',
  'load.rate',
  'temperature',
  'workload.threads',
  'engine.artifact.bytes',
  '__proto__',
])('a field without a name is called by its path: %s', (field) => expect(fieldText(field, english)).toBe(field))

test('a setting that the file has and the engine says is told once', () => {
  const fields = ['engine.build', 'backend.launch.args.cache-type-k', 'engine.server.settings.cache_type_k']
  const differences = fields.map((field) => ({ field, base: 'a', against: 'b' }))
  expect(differencesText(differences, english)).toBe('Not comparable: engine build and KV-cache type (keys) differ')
  expect(differencesText(differences, korean)).toBe('비교 불가: 서로 다른 항목: 엔진 빌드, KV 캐시 형식(키)')
})
