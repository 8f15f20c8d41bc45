import { expect, test } from 'vitest'
import { whyNotAsked } from '../../lib/domain/protocol-limits.ts'
import { plan } from '../experiment/fixture.ts'
import { chatOf, completionOf } from '../backend/wire-launch.ts'

test('a server that ends where the model does is not asked for a fixed length, one that completes texts for no chat', () => {
  const fixed = completionOf({ output: 'fixed' })
  for (const kind of ['ollama', 'tgi', 'llama-cpp-python'] as const)
    expect(whyNotAsked(kind, fixed)).toMatch(/has output: fixed, and .* Set output: natural/)
  for (const kind of ['tgis', 'caikit', 'caikit-http'] as const) {
    expect(whyNotAsked(kind, chatOf())).toMatch(/is a chat, and a server of kind .* completes a text alone/)
    expect(whyNotAsked(kind, fixed)).toBeUndefined()
  }
  for (const kind of ['openai', 'vllm', 'llama-server', 'transformers-serve', 'emulator'] as const)
    for (const workload of [fixed, chatOf()]) expect(whyNotAsked(kind, workload)).toBeUndefined()
})

test('a plan says so before anything is started', async () => {
  const { skipped } = await plan(`
name: x
axes: { model: [there], quantization: [f16], backend: [mine], workload: [write] }
models: { there: { artifacts: { f16: { served: t } } } }
backends: { mine: { kind: ollama, url: 'http://127.0.0.1:1' } }
`)
  expect(skipped).toMatchObject([
    { reason: 'format', detail: expect.stringMatching(/has output: fixed, and Ollama ends/) },
  ])
})
