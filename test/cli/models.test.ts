import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { smallModel } from '../artifact/small-gguf.ts'
import { CommandLine } from './command-line.ts'

const catalogue = `models:
  own: { artifacts: { q4_0: { path: data/models/own.gguf }, f16: { path: data/models/gone.gguf } } }
`

test('models list says what is there, what is to be made and what is missing', async () => {
  using lab = new CommandLine({
    'data/catalogue/own.yaml': catalogue,
    'data/models/own.gguf': smallModel(),
    'data/models/deep/found.gguf': smallModel(),
  })
  const { stdout } = await lab.run(['models', 'list'])
  const lines = stdout
    .replaceAll(/-[0-9a-f]{8}\./g, '-DIGEST.')
    .split('\n')
    .filter((line) => /^(model|demo {8}|own|random-5m|-)/.test(line))
  expect(lines).toMatchInlineSnapshot(`
    [
      "model        format  weights   bits    size  context  file",
      "demo         f16        3.9M  16.01    8 MB     2048  data/models/demo/demo-f16.gguf",
      "demo         q8_0       3.9M   8.51    4 MB     2048  data/models/demo/demo-q8_0.gguf",
      "demo         q4_k_m     3.9M   5.17    3 MB     2048  data/models/demo/demo-q4_k_m.gguf",
      "demo         q4_0       3.9M   4.93    3 MB     2048  data/models/demo/demo-q4_0.gguf",
      "demo         bf16       3.9M  16.00    8 MB     2048  data/models/demo/hf",
      "demo         awq        3.9M   6.51    3 MB     2048  data/models/demo/awq",
      "random-5m    f16        4.9M  16.01   10 MB     4096  not made yet: data/models/random/random-5m-f16-DIGEST.gguf",
      "random-5m    q8_0       4.9M   8.52    5 MB     4096  not made yet: data/models/random/random-5m-q8_0-DIGEST.gguf",
      "random-5m    q4_0       4.9M   4.52    3 MB     4096  not made yet: data/models/random/random-5m-q4_0-DIGEST.gguf",
      "own          q4_0       0.0M   5.86    0 MB           data/models/own.gguf",
      "own          f16                                      model file data/models/gone.gguf does not exist (looked for /lab/data/models/gone.gguf and /package/data/models/gone.gguf): correct the path, or put the file there",
      "-            q4_0       0.0M   5.86    0 MB           data/models/deep/found.gguf",
    ]
  `)
  const { models } = JSON.parse((await lab.run(['models', 'list', '--json'])).stdout) as { models: object[] }
  expect(models[0]).toMatchInlineSnapshot(`
    {
      "bitsPerWeight": 16.009369510052704,
      "bytes": 7969920,
      "context": 2048,
      "fileType": "F16",
      "format": "gguf",
      "from": "built-in",
      "model": "demo",
      "parameters": 3934464,
      "path": "data/models/demo/demo-f16.gguf",
      "quantization": "f16",
      "source": "path",
      "status": "present",
    }
  `)
})

test('models quantize makes files, and rm removes what was made, once it was asked for', async () => {
  using lab = new CommandLine()
  const made = await lab.run(['models', 'quantize', 'demo', '--to', 'Q4_0, q2_k'])
  expect(made.exitCode).toBe(0)
  expect(made.stdout.replaceAll(/-[0-9a-f]{8}\./g, '-DIGEST.')).toMatchInlineSnapshot(`
    "format  size  bits  file
    q4_0    3 MB  4.93  data/models/quantized/demo-q4_0-DIGEST.gguf
    q2_k    2 MB  3.67  data/models/quantized/demo-q2_k-DIGEST.gguf
    "
  `)
  expect(made.stderr).toMatchInlineSnapshot(`
    "quantizing /package/data/models/demo/demo-f16.gguf to q4_0: only the first time
    quantizing /package/data/models/demo/demo-f16.gguf to q2_k: only the first time
    "
  `)
  expect(readdirSync(lab.at('data/models/quantized')).length).toBe(2)
  const again = await lab.run(['models', 'quantize', 'demo', '--to', 'q4_0', '--json'])
  expect(again.stderr).toBe('')
  const { quantized } = JSON.parse(again.stdout) as { quantized: { path: string }[] }
  const { path = '' } = quantized[0] ?? {}
  expect((await lab.refused(['models', 'rm', 'demo', 'q2_k'])).replace(/-[0-9a-f]{8}\./, '-DIGEST.'))
    .toMatchInlineSnapshot(`
    "2 benchbook: would remove /lab/data/models/quantized/demo-q2_k-DIGEST.gguf (2 MB): say --yes where nobody can be asked
    "
  `)
  expect((await lab.run(['models', 'rm', 'demo', 'q2_k', '--yes'])).stdout).toMatch(
    /^removed .*demo-q2_k-.* \(2 MB\)\n$/,
  )
  expect((await lab.run(['models', 'rm', 'demo', 'q2_k', '--yes'])).stdout).toMatch(/ is not there\n$/)
  expect(existsSync(lab.at(path))).toBe(true)
})

test('what cannot be quantized or removed', async () => {
  using lab = new CommandLine({ 'data/catalogue/own.yaml': catalogue, 'data/models/own.gguf': smallModel() })
  const said: string[] = []
  for (const line of [
    ['quantize', 'nope'],
    ['quantize', 'demo', '--to', 'q9'],
    ['quantize', 'demo', '--to', 'iq1_s'],
    ['quantize', 'demo', '--from', 'q3_k_m'],
    ['quantize', 'demo', '--from', 'q8_0'],
    ['quantize', 'own'],
    ['rm', 'demo', 'f16'],
    ['rm', 'demo', 'fp9'],
    ['rm', 'own', 'q4_0', '--yes'],
  ])
    said.push(`$ ${line.join(' ')}\n${await lab.refused(['models', ...line])}`)
  expect(said.join('')).toMatchInlineSnapshot(`
    "$ quantize nope
    2 benchbook: there is no model nope in the catalogues; there are demo, random-5m, random-50m, random-300m, random-1b, emulated, own
    $ quantize demo --to q9
    2 benchbook: q9 is no format: take some of q2_k, q3_k_s, iq3_s, iq3_m, q3_k_m, q3_k_l, iq4_xs, q4_0, iq4_nl, q4_k_s, q4_k_m, q4_1, q5_0, q5_k_s, q5_k_m, q5_1, q6_k, q8_0
    $ quantize demo --to iq1_s
    2 benchbook: iq1_s needs an importance matrix, which is not supported: take some of q2_k, q3_k_s, iq3_s, iq3_m, q3_k_m, q3_k_l, iq4_xs, q4_0, iq4_nl, q4_k_s, q4_k_m, q4_1, q5_0, q5_k_s, q5_k_m, q5_1, q6_k, q8_0
    $ quantize demo --from q3_k_m
    2 benchbook: demo has no artifact q3_k_m to quantize from: it has f16, q8_0, q4_k_m, q4_0, bf16, awq; say which with --from
    $ quantize demo --from q8_0
    2 benchbook: demo-q8_0.gguf is quantized already (Q8_0), and quantizing it again would lose more than the format does: start from f16, bf16 or f32
    $ quantize own
    2 benchbook: model file data/models/gone.gguf does not exist (looked for /lab/data/models/gone.gguf and /package/data/models/gone.gguf): correct the path, or put the file there
    $ rm demo f16
    2 benchbook: data/models/demo/demo-f16.gguf was not made by benchbook, so that it is not removed: delete it yourself
    $ rm demo fp9
    2 benchbook: demo has no artifact fp9: it has f16, q8_0, q4_k_m, q4_0, bf16, awq
    $ rm own q4_0 --yes
    2 benchbook: data/models/own.gguf was not made by benchbook, so that it is not removed: delete it yourself
    "
  `)
})
