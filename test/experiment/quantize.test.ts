import { expect, test } from 'vitest'
import { expand, refused } from './fixture.ts'

const file = (artifacts: string) =>
  `name: x\naxes: { model: [m], quantization: [q5_k_m], workload: [write] }\nmodels: { m: { artifacts: { f16: { path: m.gguf }, ${artifacts} } } }`

test('an artifact quantized from another one of its model', async () => {
  const { cells } = await expand(file('q5_k_m: { quantize: { from: f16 } }'))
  expect(cells[0]?.config.artifact).toEqual({ kind: 'quantize', from: { kind: 'path', path: 'm.gguf' }, to: 'q5_k_m' })
})

test('recipes that cannot be followed are refused when the file is checked', async () => {
  const messages = await refused(
    file(
      'a: { quantize: { from: f16 } }, b: { quantize: { from: f16, to: iq2_xs } }, c: { quantize: { from: bf16, to: q4_0 } }, q5_k_m: { quantize: { from: f16 } }, d: { quantize: { from: q5_k_m, to: q4_0 } }',
    ),
  )
  expect(messages.split('\n').filter((line) => line.startsWith('x.yaml'))).toMatchInlineSnapshot(`
    [
      "x.yaml:3:55: models.m.artifacts.a: "a" is none of q2_k, q3_k_s, iq3_s, iq3_m, q3_k_m, q3_k_l, iq4_xs, q4_0, iq4_nl, q4_k_s, q4_k_m, q4_1, q5_0, q5_k_s, q5_k_m, q5_1, q6_k, q8_0: say to which with "to"",
      "x.yaml:3:87: models.m.artifacts.b: "iq2_xs" needs an importance matrix, which is not supported: take one of q2_k, q3_k_s, iq3_s, iq3_m, q3_k_m, q3_k_l, iq4_xs, q4_0, iq4_nl, q4_k_s, q4_k_m, q4_1, q5_0, q5_k_s, q5_k_m, q5_1, q6_k, q8_0",
      "x.yaml:3:131: models.m.artifacts.c: the model has no artifact "bf16" to quantize from",
      "x.yaml:3:211: models.m.artifacts.d: "q5_k_m" is quantized itself: start from the artifact that it is made of",
    ]
  `)
})

test('the file that a recipe starts from is looked for inside the lab', async () => {
  const text = file('q5_k_m: { quantize: { from: f16 } }').replace('m.gguf', '../m.gguf')
  expect(await refused(text)).toContain('models.m.artifacts.f16.path: "../m.gguf" is outside the lab')
})
