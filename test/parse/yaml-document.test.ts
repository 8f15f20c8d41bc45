import { describe, expect, test } from 'vitest'
import { orThrow } from '../../lib/parse/problem.ts'
import { decodeText, sourceText } from '../../lib/parse/source-text.ts'
import { parseYaml } from '../../lib/parse/yaml-document.ts'
import { refusal } from './refusal.ts'

const parse = (text: string) => parseYaml(sourceText('x.yaml', text))
const value = (text: string) => orThrow(parse(text)).value
const refused = (text: string) => refusal(parse(text))
const decode = (bytes: number[]) => decodeText('x.yaml', Uint8Array.from(bytes))

describe('what is accepted', () => {
  test('YAML 1.2: yes is text, octals need 0o, dates are text', () => {
    expect(value('a: yes\nb: 010\nc: 0o10\nd: 2024-01-01\ne: ~\nf: 5e7')).toEqual({
      a: 'yes',
      b: 10,
      c: 8,
      d: '2024-01-01',
      e: null,
      f: 50_000_000,
    })
  })

  test('JSON, indented with tabs as well', () => {
    expect(value('{\n\t"a": [1,\t2],\n\t"b": {"c": true}\n}\n')).toEqual({ a: [1, 2], b: { c: true } })
  })

  test('lines that end with CRLF', () => {
    expect(value('a: 1\r\nb:\r\n  - x\r\n')).toEqual({ a: 1, b: ['x'] })
  })

  test('anchors and aliases, which repeat a value', () => {
    expect(value('a: &x [1, 2]\nb: *x\nc: [*x, *x]')).toEqual({
      a: [1, 2],
      b: [1, 2],
      c: [
        [1, 2],
        [1, 2],
      ],
    })
  })

  test('an anchor given twice: an alias means the one before it', () => {
    expect(value('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual({ a: 1, b: 1, c: 2, d: 2 })
  })

  test('keys that every object has, as plain keys', () => {
    expect(value('constructor: 1\ntoString: 2')).toEqual({ constructor: 1, toString: 2 })
  })

  test('an empty file is nothing', () => {
    expect(value('')).toBeNull()
  })
})

describe('what is refused, with its place', () => {
  test.for([
    ['a syntax error', 'a: [1\nb: 2'],
    ['a duplicate key', 'a: 1\nb:\n  c: 1\n  c: 2'],
    ['__proto__', 'a: { __proto__: { b: 1 } }'],
    ['a YAML directive, because 1.1 changes booleans and octals', '%YAML 1.1\n---\na: yes'],
    ['a second document', 'a: 1\n---\nb: 2'],
    ['a merge key', 'a: &x { b: 1 }\nc:\n  <<: *x\n  d: 1'],
    ['a merge conflict', 'a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n'],
    ['a tag', 'a: !!binary AAAA\nb: !include other.yaml'],
    ['a key that is not text', '? [a, b]\n: 1'],
    ['a number that is none', 'a: .nan\nb: -.inf'],
    ['an alias without an anchor', 'a: *nowhere'],
    ['an alias inside what it repeats', 'a: &x [1, *x]'],
    ['text with NUL', 'a: "b\\0c"'],
    ['half of a surrogate pair', 'a: "\\ud800"'],
    ['a tab as indentation', 'a:\n\tb: 1'],
  ] as const)('%s', ([, text]) => {
    expect(refused(text)).toMatchSnapshot()
  })

  test('all at once', () => {
    expect(refused('a: 1\na: 2\nb: *c\n__proto__: 3')).toMatchInlineSnapshot(`
      "x.yaml:2:1: the key "a" is there twice
          a: 2
      x.yaml:3:4: alias *c has no anchor &c before it
          b: *c
      x.yaml:4:1: the key "__proto__" is not allowed
          __proto__: 3"
    `)
  })

  test('an alias bomb, where it goes off', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(10)}]`)
    expect(refused(['l0: &l0 [lol]', ...levels].join('\n'))).toMatchInlineSnapshot(`
      "x.yaml:6:9: aliases multiply to more than 200000 values: use fewer
          l5: &l5 [*l4, *l4, *l4, *l4, *l4, *l4, *l4, *l4, *l4, *l4, ]"
    `)
  })

  test.for(['['.repeat(100_000), '- '.repeat(50_000), '{a: '.repeat(5_000), '? '.repeat(20_000)])(
    'nesting without end: %#',
    (text) => {
      expect(refused(text)).toMatch(/^x\.yaml:1:\d+: nested too deeply/)
    },
  )

  test('nesting that parses but is deeper than anything here', () => {
    expect(refused(`${'['.repeat(70)}${']'.repeat(70)}`)).toMatchInlineSnapshot(`
      "x.yaml:1:66: nested more than 64 levels deep
          …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]…"
    `)
  })

  test('many duplicate keys: the first fifty are told', () => {
    const told = refused('a: 1\n'.repeat(200)).split('\n')
    expect(told).toHaveLength(101)
    expect(told.at(-1)).toBe('… and 149 more')
  })
})

describe('bytes', () => {
  test('a byte-order mark is no part of the text', () => {
    expect(orThrow(decode([0xef, 0xbb, 0xbf, 0x61])).text).toBe('a')
  })

  test('what is not UTF-8 is refused', () => {
    expect(refusal(decode([0xff, 0xfe, 0x61, 0x00]))).toMatchInlineSnapshot(
      `
      "x.yaml:1:1: is not UTF-8 text: save it as UTF-8
          ��a\\u{0}"
    `,
    )
  })

  test('a NUL byte is refused with its place', () => {
    expect(refusal(decode([0x61, 0x0a, 0x62, 0x00, 0x63]))).toMatchInlineSnapshot(`
      "x.yaml:2:2: there is a NUL character: take it out
          b\\u{0}c"
    `)
  })
})

describe('places', () => {
  const document = orThrow(parse('a:\n  b: [1, &x { c: 2 }]\nd: *x\ne:\n'))
  const at = (path: PropertyKey[], on: 'key' | 'value' = 'value') => {
    const { line, column } = document.place(path, on)
    return `${line}:${column}`
  }

  test('a value, a key, an item of a list', () => {
    expect([at(['a', 'b']), at(['a', 'b'], 'key'), at(['a', 'b', 0]), at(['a', 'b', 1, 'c'])]).toEqual([
      '2:6',
      '2:3',
      '2:7',
      '2:18',
    ])
  })

  test('through an alias: where the value is written', () => {
    expect([at(['d']), at(['d', 'c'])]).toEqual(['3:4', '2:18'])
  })

  test('what is missing is placed at what lacks it', () => {
    expect([at(['a', 'z']), at(['nothing', 'at', 'all'])]).toEqual(['2:3', '1:1'])
  })
})
