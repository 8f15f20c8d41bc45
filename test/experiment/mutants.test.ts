import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { expand, plan } from './fixture.ts'
import { restructure } from './restructure.ts'

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
  '\u202e',
  '</script><!--{{{',
  '=1+1',
  '<<<<<<< ours\n',
  '? [a, b]\n: c\n',
  '- - - - -',
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

/** Up to four bytes changed, taken away, put in or swapped, or the end cut off. */
function corrupt(text: string, random: () => number): Uint8Array {
  const at = (length: number) => Math.floor(random() * length)
  let bytes: Uint8Array = Buffer.from(text)
  for (let changes = 1 + at(4); changes > 0; changes -= 1) {
    const from = at(bytes.length)
    const edits = [
      () => bytes.with(from, at(256)),
      () => bytes.with(from, (bytes[from] ?? 0) ^ (1 << at(8))),
      () => Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + at(64))]),
      () => Buffer.concat([bytes.subarray(0, from), Buffer.from([at(256)]), bytes.subarray(from)]),
      () => bytes.subarray(0, Math.max(1, from)),
      () => Buffer.concat([bytes.subarray(from), bytes.subarray(0, from)]),
    ]
    bytes = edits[at(edits.length)]?.() ?? bytes
  }
  return bytes
}

const deepFlow = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`
const deepMaps = (depth: number) => `${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`
const deepBlock = (depth: number) =>
  Array.from({ length: depth }, (_, level) => `\n${' '.repeat(level + 4)}k:`).join('')
const bomb = Array.from({ length: 30 }, (_, n) => `&b${n} [*b${n - 1}, *b${n - 1}]`).join(', ')

/** What is put in place of a value to break what reads it: depth, size, wrong types, names with a meaning. */
const giants = [
  deepFlow(100),
  deepFlow(20_000),
  deepMaps(5_000),
  deepBlock(400),
  `[&b-1 [x, x], ${bomb}]`,
  `[${'1, '.repeat(20_000)}1]`,
  `[${Array.from({ length: 3_000 }, (_, n) => n + 1).join(', ')}]`,
  `{ ${Array.from({ length: 10_000 }, (_, n) => `k${n}: ${n}`).join(', ')} }`,
  '9'.repeat(100_000),
  `1e${'9'.repeat(1_000)}`,
  '-0.0',
  '0x1F',
  '9007199254740993',
  `"${'x'.repeat(200_000)}"`,
  `"${'x'.repeat(1_100_000)}"`,
  `"${'\\u0000'.repeat(2_000)}"`,
  `'${'<script>{{{'.repeat(5_000)}'`,
  '{ __proto__: { a: 1 }, constructor: 1, toString: 2 }',
  '[null, [], {}, true, 1.5, text]',
  '2026-01-01',
  '!!binary aGk=',
  `|\n${'    text\n'.repeat(5_000)}`,
]

/** A value of a line, or the whole of a line's end, becomes something huge or strange. */
function inflate(text: string, random: () => number): string {
  const at = (length: number) => Math.floor(random() * length)
  const giant = giants[at(giants.length)] ?? ''
  const values = [...text.matchAll(/(?<=: )[^\n,{}[\]]+/g)]
  const value = values[at(values.length)]
  if (value === undefined || random() < 0.1) return `${text}\n${giant}`
  return text.slice(0, value.index) + giant + text.slice(value.index + value[0].length)
}

const [, ofReadme = ''] = /```yaml\n(.*?)```/s.exec(readFileSync('experiments/README.md', 'utf8')) ?? []
const committed = readdirSync('experiments').filter((file) => file.endsWith('.yaml'))
const bases = [valid, ofReadme, ...committed.map((file) => readFileSync(`experiments/${file}`, 'utf8'))]
const catalogues = readdirSync('data/catalogue').filter((file) => file.endsWith('.yaml'))
const lab = catalogues.map((file) => readFileSync(`data/catalogue/${file}`, 'utf8')).join('\n')
const folders = { labRoot: process.cwd(), packageRoot: process.cwd() }

const kinds = [mutate, restructure, mutate, restructure, mutate, inflate, mutate, restructure, corrupt, corrupt]

const placed = /^x\.yaml(:\d+:\d+:|: is empty|: has \d+ bytes)/

/** Milliseconds of processor time: what else runs on the machine does not count. */
const processorMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

test('the committed files that mutants come from are valid, where something of them runs', async () => {
  const planned = bases.filter((base) => !/^published:/m.test(base))
  for (const base of planned) expect((await plan(base, { lab, folders })).cells.length).toBeGreaterThan(0)
})

test('two thousand mutants of valid files are planned, or refused with a place, none taking a second', async () => {
  const random = randomSequence(20)
  const counts = { planned: 0, refused: 0 }
  const slow: string[] = []
  const placeless: string[] = []
  for (let index = 0; index < 2000; index += 1) {
    const base = bases[index % bases.length] ?? valid
    const kind = Math.floor(index / bases.length) % 10
    const mutant = kinds[kind]?.(base, random) ?? base
    const start = processorMs()
    try {
      await plan(mutant, { lab, folders })
      counts.planned += 1
    } catch (error) {
      if (!(error instanceof UserError))
        throw new Error(`mutant ${index}, not a UserError for:\n${Buffer.from(mutant).toString().slice(0, 5000)}`, {
          cause: error,
        })
      const [first = ''] = error.message.split('\n')
      if (!placed.test(first)) placeless.push(first)
      counts.refused += 1
    }
    const took = processorMs() - start
    if (took > 1000) slow.push(`mutant ${index} (${mutant.length} bytes): ${took.toFixed(0)} ms`)
  }
  expect(placeless).toEqual([])
  expect(slow).toEqual([])
  expect(counts.planned).toBeGreaterThan(200)
  expect(counts.refused).toBeGreaterThan(1000)
}, 600_000)
