import { expect, test } from 'vitest'
import { checkDocument } from '../../lib/parse/check-value.ts'
import { orThrow } from '../../lib/parse/problem.ts'
import { z } from '../../lib/parse/schema.ts'
import { sourceText } from '../../lib/parse/source-text.ts'
import { parseYaml } from '../../lib/parse/yaml-document.ts'
import { refusal } from './refusal.ts'

const schema = z.strictObject({
  name: z.string().min(1),
  count: z.int().min(1).max(9).default(3),
  ratio: z.number().gt(0).optional(),
  on: z.boolean().optional(),
  list: z.array(z.string()).min(1).optional(),
  mode: z.enum(['fixed', 'natural']).optional(),
  only: z.literal('closed').optional(),
  shape: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('square'), side: z.number() }),
      z.strictObject({ kind: z.literal('circle'), radius: z.number() }),
    ])
    .optional(),
  source: z
    .union([
      z.strictObject({ path: z.string() }),
      z.strictObject({ random: z.strictObject({ parameters: z.number() }) }),
    ])
    .optional(),
  text: z.union([z.string(), z.strictObject({ file: z.string() })]).optional(),
  byName: z.record(z.string().regex(/^[a-z]+$/, 'may hold small letters only'), z.number()).optional(),
})
const refused = (text: string) => refusal(checkDocument(schema, orThrow(parseYaml(sourceText('x.yaml', text)))))

test('all mistakes are told together, each with its place and its line', () => {
  expect(refused('nmae: a\ncount: 1.5\nlist: []\nshape:\n  kind: sqare\n')).toMatchInlineSnapshot(`
    "x.yaml:1:1: name: is missing: it must be text
        nmae: a
    x.yaml:1:1: unknown key "nmae", did you mean "name"?
        nmae: a
    x.yaml:2:8: count: must be a whole number, got 1.5
        count: 1.5
    x.yaml:3:7: list: needs at least one value
        list: []
    x.yaml:5:9: shape.kind: must be one of square, circle, got "sqare", did you mean "square"?
        kind: sqare"
  `)
})

test.for([
  'name: 5',
  'name: ""',
  'name: ~',
  'name: [a]',
  'name: a\ncount: 0',
  'name: a\ncount: 10',
  'name: a\ncount: 1e300',
  'name: a\nratio: 0',
  'name: a\non: yes',
  'name: a\nlist: b',
  'name: a\nmode: fxed',
  'name: a\nmode: 1',
  'name: a\nonly: open',
  'name: a\nshape: {}',
  'name: a\nshape: round',
  'name: a\nshape: { kind: circle, side: 1 }',
  'name: a\nsource: { pth: x }',
  'name: a\nsource: { random: { parameter: 5 } }',
  'name: a\nsource: { path: x, random: { parameters: 5 } }',
  'name: a\nsource: 3',
  'name: a\ntext: { fil: x }',
  'name: a\ntext: 3',
  'name: a\nbyName: { "B C": 1 }',
  'name: a\nbyName: { b: x }',
  '',
  '- name',
  `name: a\n${'x'.repeat(300)}: 1`,
])('in words: %j', (text) => {
  expect(refused(text)).toMatchSnapshot()
})

test('what a terminal would obey is written as its code', () => {
  expect(refused('"na\\e[2Jme\\u202e": 1\nname: a # \u001b[31m')).toMatchInlineSnapshot(`
    "x.yaml:1:1: unknown key "na\\u001b[2Jme\\u{202e}"; known here: name, count, ratio, on, list, mode, only, shape, source, text, byName
        "na\\e[2Jme\\u202e": 1"
  `)
})

test('a fitting value comes with its defaults', () => {
  expect(orThrow(checkDocument(schema, orThrow(parseYaml(sourceText('x.yaml', 'name: a')))))).toEqual({
    name: 'a',
    count: 3,
  })
})
