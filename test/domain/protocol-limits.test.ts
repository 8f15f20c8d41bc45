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

test('of servers vLLM alone scores a text, and none takes the parts of a request apart', () => {
  const score = { name: 'q', kind: 'perplexity' as const, text: { id: 't', text: 'x' }, context: 64 }
  const parts = { name: 'pp', kind: 'prefill-decode' as const, promptTokens: 8, outputTokens: 8, depth: 0, seed: 1 }
  expect(whyNotAsked('vllm', score)).toBeUndefined()
  for (const kind of ['openai', 'llama-server', 'transformers-serve', 'tgi', 'tgis', 'ollama', 'emulator'] as const)
    expect(whyNotAsked(kind, score)).toMatch(/^workload q is a perplexity, .*: take an engine of kind .* vllm$/)
  expect(whyNotAsked('vllm', parts)).toMatch(/^workload pp is of kind prefill-decode, .*: take the embedded engine/)
})

test('a vLLM that runs already scores a text, and has no base', async () => {
  const text = 'A short text.'
  const { cells, skipped } = await plan(`
name: x
axes: { model: [there], quantization: [f16], backend: [mine], workload: [score, beside] }
models: { there: { artifacts: { f16: { served: t } } } }
backends: { mine: { kind: vllm, url: 'http://127.0.0.1:1' } }
workloads:
  score: { kind: perplexity, text: ${text}, context: 64 }
  beside: { kind: perplexity, text: ${text}, context: 64, base: f16 }
`)
  expect(cells.map(({ axes }) => axes['workload'])).toEqual(['score'])
  expect(skipped).toMatchObject([
    { reason: 'format', detail: expect.stringMatching(/^workload beside has a base, and a server that runs already/) },
  ])
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
