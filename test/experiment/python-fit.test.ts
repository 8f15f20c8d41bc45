import { expect, test } from 'vitest'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { anyArtifact, plan, refused } from './fixture.ts'

const backends = `
backends:
  generate: { kind: transformers, threads: 2 }
  many: { kind: transformers, threads: 9 }
  offline: { kind: vllm-offline }
`
const machine = { cores: 2, accelerators: ['cpu'] } as const
const described =
  (format: 'gguf' | 'safetensors', chatTemplate = true) =>
  async (source: Parameters<typeof anyArtifact>[0]) => ({
    ...(await anyArtifact(source)),
    description: { ...randomModel(5e6, 'f16').description, format, chatTemplate },
  })

async function skippedOf(axes: string, artifact = described('safetensors')) {
  const { cells, skipped } = await plan(`name: x\naxes: { model: [sole], ${axes} }${backends}`, { machine, artifact })
  return [`${cells.length} planned`, ...skipped.map(({ reason, detail }) => `${reason}: ${detail}`)]
}

test('an engine in Python runs a folder of safetensors, for whole requests', async () => {
  expect(await skippedOf('backend: [generate, many, offline], workload: [write, bench]')).toMatchInlineSnapshot(`
    [
      "2 planned",
      "format: a workload of kind prefill-decode needs the parts of a request apart, and a backend of kind transformers is asked for whole ones: take a completion, or the embedded engine",
      "does-not-fit: needs 9 threads, this machine has 2 cores",
      "format: a workload of kind prefill-decode needs the parts of a request apart, and a backend of kind transformers is asked for whole ones: take a completion, or the embedded engine",
      "format: a workload of kind prefill-decode needs the parts of a request apart, and a backend of kind vllm-offline is asked for whole ones: take a completion, or the embedded engine",
    ]
  `)
})

test('and no GGUF file, nor a chat without a template', async () => {
  expect(await skippedOf('backend: [offline], workload: [write]', described('gguf'))).toMatchInlineSnapshot(`
    [
      "0 planned",
      "format: vllm-offline runs models in safetensors, and the artifact is one of the GGUF files: name another artifact or another backend",
    ]
  `)
  const chat = 'backend: [offline], workload: [talk] }\nworkloads: { talk: { kind: chat, prompts: ["Hello"] }'
  expect(await skippedOf(chat, described('safetensors', false))).toMatchInlineSnapshot(`
    [
      "0 planned",
      "format: a chat needs a chat template (chat_template.jinja), and the model has none",
    ]
  `)
})

test('what needs more context than its settings have is told in the file', async () => {
  const text = `name: x\naxes: { model: [sole], backend: [small], workload: [write] }\nbackends: { small: { kind: transformers, contextSize: 8 } }`
  expect(await refused(text)).toMatchInlineSnapshot(`
    "x.yaml:3:55: workload "write" needs a context of 129 tokens or more (128 output tokens and a prompt), backend "small" has a contextSize of 8: raise backend.contextSize, or ask for less
        …ends: { small: { kind: transformers, contextSize: 8 } }"
  `)
})
