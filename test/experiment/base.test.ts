import { expect, test } from 'vitest'
import { expand, plan } from './fixture.ts'

const scoring = (base: string, quantization = '[f16, q4_0]', model = 'tiny') =>
  `name: x\naxes: { model: [${model}], quantization: ${quantization} }\nworkload: { kind: perplexity, text: Some text., base: ${base} }\n`

test('a cell has the files of its base, by whose digest it goes as well', async () => {
  const { cells } = await expand(scoring('f16'))
  expect(cells.map(({ base }) => base?.artifact.digest)).toEqual(Array(2).fill('digest of m/tiny-f16.gguf'))
  for (const { base } of cells) expect(base?.source).toEqual({ kind: 'path', path: 'm/tiny-f16.gguf' })
  const [q8] = (await expand(scoring('q8_0', '[q4_0]'))).cells
  expect(q8?.id).not.toBe(cells[1]?.id)
  const moved = await expand(scoring('f16'), {
    artifact: async ({ kind }) => ({ digest: `another ${kind}`, path: '/m' }),
  })
  expect(moved.cells[1]?.id).not.toBe(cells[1]?.id)
})

test('without a base nothing of a cell changes', async () => {
  const text = scoring('f16').replace(', base: f16', '')
  const [cell] = (await expand(text)).cells
  expect(cell).not.toHaveProperty('base')
  expect(cell?.config.workload).not.toHaveProperty('base')
})

test('a base that the model does not have is refused, with those that it has', async () => {
  await expect(expand(scoring('bf16'))).rejects.toThrowErrorMatchingInlineSnapshot(`
    [UserError: x.yaml:3:55: workload.base: model "tiny" has no "bf16" to be the base: it has f16, q8_0, q4_0; name one of these, or add it to the model's artifacts
        …load: { kind: perplexity, text: Some text., base: bf16 }]
  `)
})

test('what the engine cannot run is no base of it', async () => {
  const text = `${scoring('bf16', '[f16]', 'mixed')}models: { mixed: { artifacts: { f16: { path: m/tiny-f16.gguf }, bf16: { hf: org/name } } } }\n`
  const { cells, skipped } = await plan(text)
  expect(cells).toEqual([])
  expect(skipped.map(({ reason, detail }) => `${reason}: ${detail}`)).toMatchInlineSnapshot(`
    [
      "format: its base: the embedded engine runs GGUF files, this is a model in safetensors: convert it with convert_hf_to_gguf.py of llama.cpp",
    ]
  `)
})
