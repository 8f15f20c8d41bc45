import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../lib/domain/json.ts'
import { postChartNames } from '../../lib/report/chart.ts'
import { drawChart } from '../../lib/report/draw-chart.ts'
import { postFigureSpec } from '../../lib/report/post-figure.ts'
import { staticChart } from '../../lib/report/static-chart.ts'
import { type FigureAsked, tableFigure } from '../../lib/report/table-figure.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { costs, images, llama, memory, speeds, table, upscaling } from './published-fixture.ts'

const files = await loadTemplates()
const words = wordsOf(files.strings)
const priced = { x: 'price_usd', y: 'it_s' } as const

const asked: Record<string, FigureAsked> = {
  bars: { kind: 'bars', table: images, columns: ['it_s'], marked: ['RTX 3060'] },
  panels: { kind: 'bars', table: speeds, columns: ['p1', 'p2', 'p3'], sort: 'most-first' },
  memory: {
    kind: 'bars',
    table: memory,
    columns: ['ram_gb', 'gpu_gb'],
    reserved: ['원본 모델 + vLLM/gpu_gb', '양자화 모델 + vLLM/gpu_gb'],
  },
  points: { kind: 'points', table: images, ...priced, base: 'RTX 3060' },
  relative: { kind: 'points', table: llama, x: 'price_usd', y: 'tokens_s', base: 'RTX 3060', relative: true },
  frontier: { kind: 'points', table: upscaling, ...priced, frontier: true },
  cost: { kind: 'cost', table: costs, throughput: 'tokens_s', cost: 'usd', time: 'minutes', series: 'gpus' },
  'marginal-images': { kind: 'marginal', table: images, price: 'price_usd', performance: 'it_s', base: 'RTX 3060' },
  'marginal-tokens': { kind: 'marginal', table: llama, price: 'price_usd', performance: 'tokens_s', base: 'RTX 3060' },
  band: {
    kind: 'reading-band',
    comfortable: 7,
    tooFast: 13,
    rows: [
      { label: 'q4_0', tps: 9.4, low: 8.9, high: 10.1, n: 10 },
      { label: 'RTX 3060', tps: 19.48, text: '19.48' },
      { label: 'slow', tps: 2.1 },
    ],
  },
  thresholds: { kind: 'reading-band', comfortable: 7, tooFast: 13, rows: [] },
  sizes: { kind: 'bits-sizes', models: [{ name: 'Llama 3 8B', parameters: 8.03e9 }], bits: [16, 8, 4, 2] },
  ladder: {
    kind: 'bits-ladder',
    rows: [
      { label: 'f16', bits: 16.01, bytes: 7_970_000, perplexity: 14.2604 },
      { label: 'q8_0', bits: 8.51, bytes: 4_280_000, perplexity: 14.2717 },
      { label: 'q4_k_m', bits: 5.17, bytes: 2_640_000, perplexity: 14.4166 },
      { label: 'q4_0', bits: 4.93, bytes: 2_520_000, perplexity: 14.5288 },
    ],
  },
}

test.each(Object.keys(asked))('%s: caption, specification and table are these', async (name) => {
  const figure = tableFigure(asked[name] as FigureAsked, words)
  const { config: _, ...spec } = postFigureSpec(figure, files)
  const { id, title, subtitle, reading = '', alt, twin } = figure
  const rows = [twin.head, ...twin.rows].map((row) => row.map(({ text }) => text).join(' | '))
  await expect(
    `${JSON.stringify({ id, title, subtitle, reading, alt, twin: rows, spec }, null, 1)}\n`,
  ).toMatchFileSnapshot(`__snapshots__/charts/${name}.json`)
})

test.each(Object.keys(asked))('%s: every mark of it is drawn, with its labels', async (name) => {
  const figure = tableFigure(asked[name] as FigureAsked, words)
  const spec = postFigureSpec(figure, files)
  const svg = await staticChart(spec, files.style)
  expect(svg).not.toMatch(/NaN|undefined|currentColor|var\(/)
  const shown = (figure.values['rows'] as { label: string; text?: string; shown?: boolean }[]).flatMap((row) =>
    row.shown === false ? [] : [row.label, ...(row.text === undefined ? [] : [row.text])],
  )
  for (const text of shown) expect(svg).toContain(`>${text}</text>`)
  expect(svg, 'nothing is cut short').not.toContain('…')
})

test('a chart of a post has no words of its own', () => {
  for (const name of postChartNames) {
    const spec = JSON.parse(readFileSync(`reports/charts/${name}.vl.json`, 'utf8')) as JsonObject
    const said = textsOf(spec, '').filter(([key, text]) => /title|text/i.test(key) && !text.startsWith('$'))
    expect(said.filter(([key, text]) => !(key === 'type' && text === 'text') && text !== '')).toEqual([])
  }
})

function textsOf(part: JsonValue, key: string): [string, string][] {
  if (typeof part === 'string') return [[key, part]]
  if (typeof part !== 'object' || part === null) return []
  if (Array.isArray(part)) return part.flatMap((item: JsonValue) => textsOf(item, key))
  return Object.entries(part).flatMap(([name, item]) => textsOf(item, name === 'field' ? '' : name))
}

test('in Korean the columns are called as they are in Korean', () => {
  const korean = wordsOf({ ...files.strings, language: 'ko' })
  const { subtitle, twin, values } = tableFigure(asked['panels'] as FigureAsked, korean)
  expect([subtitle, ...twin.head.map(({ text }) => text)].join(' ')).toMatch(/모델 설정.*프롬프트 1, tokens\/s/)
  expect((values['rows'] as { panel: string }[]).map(({ panel }) => panel)).toContain('프롬프트 3')
})

const small = (rows: string[][]) =>
  table('cards', { card: { role: 'key' }, usd: { role: 'fact', unit: 'USD' }, rate: { role: 'measured' } }, rows)

test('a cell that is empty or no number is left out, and that is said', () => {
  const holes = small([
    ['a', '100', '5'],
    ['b', '200', ''],
    ['c', 'unknown', '9'],
  ])
  const unitless = holes.columns.map(({ name, title, role }) => ({ name, title, role }))
  for (const each of [
    { kind: 'bars', table: { ...holes, columns: unitless }, columns: ['usd', 'rate'] },
    { kind: 'points', table: holes, x: 'usd', y: 'rate' },
    { kind: 'marginal', table: holes, price: 'usd', performance: 'rate', base: 'a' },
  ] satisfies FigureAsked[]) {
    const { reading, values } = tableFigure(each, words)
    expect(reading).toMatch(/left out, as nothing is published of them: c( \(usd\))?, b( \(rate\))?\.$/)
    expect((values['rows'] as unknown[]).length).toBe(each.kind === 'bars' ? 4 : 1)
  }
  expect(tableFigure({ kind: 'bars', table: holes, columns: ['rate'] }, words).twin.rows[1]?.[1]?.text).toBe('–')
})

test('a hostile label is text, in the picture and in no expression', async () => {
  const hostile = `</text><script>alert('1')</script>"+datum.x+"`
  const cards = small([
    [hostile, '100', '5'],
    ['plain', '200', '9'],
  ])
  for (const each of [
    { kind: 'bars', table: cards, columns: ['rate'] },
    { kind: 'points', table: cards, x: 'usd', y: 'rate', base: hostile, series: 'card' },
    { kind: 'marginal', table: cards, price: 'usd', performance: 'rate', base: hostile },
    { kind: 'reading-band', rows: [{ label: hostile, tps: 8 }], comfortable: 7, tooFast: 13 },
  ] satisfies FigureAsked[]) {
    const { svg, json } = await drawChart(postFigureSpec(tableFigure(each, words), files))
    expect(svg).not.toContain('<script>')
    expect(svg).toContain('&lt;script&gt;')
    const { vega } = JSON.parse(json) as { vega: JsonValue }
    const code = textsOf(vega, '').filter(([key]) => /expr|signal|test|update|init/.test(key))
    expect(code.filter(([, text]) => text.includes('alert'))).toEqual([])
  }
})

function error(each: FigureAsked): string {
  try {
    tableFigure(each, words)
  } catch (thrown) {
    return (thrown as Error).message
  }
  return 'nothing thrown'
}

test('what a table does not have is said with what it has', () => {
  expect(error({ kind: 'bars', table: images, columns: ['it_'] })).toMatchInlineSnapshot(
    `"the table image-generation has no column it_: did you mean it_s?"`,
  )
  expect(error({ kind: 'bars', table: images, columns: ['watts'] })).toMatchInlineSnapshot(
    `"the table image-generation has no column watts: it has gpu, it_s, price_usd"`,
  )
  expect(error({ kind: 'bars', table: images, columns: ['it_s', 'price_usd'] })).toMatchInlineSnapshot(
    `"bars of it_s, price_usd in the table image-generation: they have different units (it/s, USD): ask for a chart of each"`,
  )
  expect(error({ kind: 'bars', table: images, columns: ['gpu'] })).toMatchInlineSnapshot(
    `"bars of gpu in the table image-generation: there is no number to show"`,
  )
  expect(error({ kind: 'bars', table: images, columns: ['it_s'], rows: ['RTX 4060'] })).toMatchInlineSnapshot(
    `"the table image-generation has no row RTX 4060: did you mean RTX 4090?"`,
  )
  expect(error({ kind: 'points', table: images, ...priced, base: 'GTX' })).toMatchInlineSnapshot(
    `"the table image-generation has no row GTX: it has RTX 4090, RTX 4080, RTX 4070Ti, RTX 3090 Ti, RTX 3090, RTX 3080 Ti, RTX 3080 12GB, RTX 3080, RTX 3070 Ti, RTX 3070, RTX 3060 Ti, RTX 3060, RTX 3050"`,
  )
  expect(error({ kind: 'points', table: images, ...priced, relative: true })).toMatchInlineSnapshot(
    `"points of the table image-generation: multiples need a row that they are multiples of (base)"`,
  )
})

test('what is computed is computed of what was printed', () => {
  const { twin } = tableFigure(asked['marginal-images'] as FigureAsked, words)
  const cell = (row: string, column: number) => twin.rows.find(([name]) => name?.text === row)?.[column]?.text
  // $1199 and 23.504 it/s after $799 and 20.697 it/s.
  expect([3, 4, 5].map((column) => cell('RTX 4080', column))).toEqual(['400', '2.807', '143'])
  // $1599 / $329 and 28.923 / 7.239.
  expect([6, 7, 8].map((column) => cell('RTX 4090', column))).toEqual(['4.86', '4.00', '–'])
  expect(cell('RTX 3090 Ti', 8)).toBe('RTX 4070Ti')
})
