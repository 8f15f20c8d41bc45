import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { expand, plan } from './fixture.ts'

const valid = `name: mutant # a valid file with a bit of everything
title: "Mutants: accepted, or refused with a place"
axes:
  model: [tiny, noise, mine]
  quantization: [f16, q4_0]
  backend.threads: &threads [1, 2]
  workload: [write, bench, score, own]
  load.clients: *threads
zip: [[backend.threads, load.clients]]
exclude: [{ model: noise, workload: score }]
include: [{ model: tiny, quantization: q8_0, backend.threads: 4, workload: own, load.clients: 1 }]
overrides:
  - { when: { workload: bench }, set: { workload.promptTokens: 64, limits.trial: 90s } }
models: { mine: { parameters: 1e9, artifacts: { f16: { path: m.gguf }, q4_0: { random: { parameters: 5e6 } } } } }
workloads:
  own:
    kind: completion
    prompts:
      - Hello
      - { id: second, text: "Hello\\tagain \\u00e9" }
    sampling: { temperature: 0.5, seed: 7 }
load: { requests: 4 }
repeat: { blocks: 2, warmup: { requests: 0 } }
limits: { load: 300s, stall: 500ms }
`
const pieces = [
  '',
  '~',
  '[]',
  '{}',
  '-1',
  '1e400',
  '.nan',
  'yes',
  '"\\0"',
  '*threads',
  '&x *x',
  '<<: *threads',
  '__proto__',
  'constructor',
  '!!set',
  '---',
  '%YAML 1.1',
  '\t',
  '\r',
  '\u0000',
  '\ufeff',
  '\u2028',
  '\ud800',
  '{'.repeat(200),
  '[*threads, '.repeat(50),
  'a: '.repeat(30),
  '9'.repeat(400),
  'x'.repeat(5000),
  '../../../etc/passwd',
  '{ file: /dev/zero }',
  '{ random: { parameters: 5e6 } }',
]

/** One or two changes: characters taken away, doubled or swapped, a word, line or piece put somewhere. */
function mutate(text: string, random: () => number): string {
  const at = (length: number) => Math.floor(random() * length)
  let mutant = text
  for (let changes = 1 + at(2); changes > 0; changes -= 1) {
    const lines = mutant.split('\n')
    const words = mutant.split(/(?<=[\s,:[\]{}])/)
    const [from, length] = [at(mutant.length), 1 + at(8)]
    const piece = pieces[at(pieces.length)] ?? ''
    const edits: (() => string)[] = [
      () => mutant.slice(0, from) + mutant.slice(from + length),
      () => mutant.slice(0, from) + mutant.slice(from, from + length) + mutant.slice(from),
      () => mutant.slice(0, from) + String.fromCharCode(at(0x250)) + mutant.slice(from + 1),
      () => mutant.slice(0, from) + piece + mutant.slice(from),
      () => words.with(at(words.length), piece).join(''),
      () => words.with(at(words.length), words[at(words.length)] ?? '').join(''),
      () => lines.toSpliced(at(lines.length), 1).join('\n'),
      () => lines.toSpliced(at(lines.length), 0, lines[at(lines.length)] ?? '').join('\n'),
    ]
    mutant = edits[at(edits.length)]?.() ?? mutant
  }
  return mutant
}

test('the file that the mutants come from is valid', async () => {
  expect((await expand(valid)).cells).toHaveLength(45)
})

/** One byte changed. */
function corrupt(text: string, random: () => number): Uint8Array {
  const bytes = Buffer.from(text)
  return bytes.with(Math.floor(random() * bytes.length), Math.floor(random() * 256))
}

test('four hundred mutants of a valid file are planned, or refused with a place', async () => {
  const random = randomSequence(20)
  const counts = { planned: 0, refused: 0 }
  for (let index = 0; index < 400; index += 1) {
    const text = mutate(valid, random)
    const mutant = index % 10 === 0 ? corrupt(text, random) : text
    try {
      await plan(mutant)
      counts.planned += 1
    } catch (error) {
      if (!(error instanceof UserError)) throw new Error(`not a UserError for:\n${text}`, { cause: error })
      expect(error.message.split('\n')[0]).toMatch(/^x\.yaml:(\d+:\d+:| is not UTF-8 text)/)
      counts.refused += 1
    }
  }
  expect(counts.planned).toBeGreaterThan(30)
  expect(counts.refused).toBeGreaterThan(200)
})
