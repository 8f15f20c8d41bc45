import { beforeAll, describe, expect, test } from 'vitest'
import type { JsonValue } from '../../lib/domain/json.ts'
import { metrics } from '../../lib/domain/metric.ts'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { otherTools } from '../../lib/measure/other-tools.ts'
import { renderIndex } from '../../lib/report/render-index.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { shownData } from '../../lib/report/shown-text.ts'
import { languagesOf, loadTemplates, type TemplateFiles } from '../../lib/report/template-files.ts'
import { troubledFixture } from './ab-fixture.ts'
import { armsFixture } from './arms-fixture.ts'
import { chartFixtures } from './charts-fixture.ts'
import { eventfulFixture } from './eventful-fixture.ts'
import { keysOf, seenTexts, valuesIn } from './seen-texts.ts'

type Entries = ReadonlyMap<string, string>
function entriesOf(strings: JsonValue, path = ''): [string, string][] {
  if (typeof strings === 'string') return [[path, strings]]
  return Object.entries(strings as Record<string, JsonValue>).flatMap(([key, item]) =>
    entriesOf(item, path === '' ? key : `${path}.${key}`),
  )
}
const stringsOf = async (language: string): Promise<Entries> =>
  new Map(entriesOf((await loadTemplates(undefined, language)).strings))
const placeholdersOf = (text = '') =>
  [...new Set(text.match(/\{\w+\}/g))].toSorted((a, b) => (a < b ? -1 : 1)).join(' ')

const english = await stringsOf('en')
const others = (await languagesOf()).filter((language) => language !== 'en')

describe.each(others)('the words in %s', (language) => {
  let words: Entries
  beforeAll(async () => void (words = await stringsOf(language)))

  test('are for all that English has words for, and for nothing else', () => {
    expect([...english.keys()].filter((key) => !words.has(key))).toEqual([])
    expect([...words.keys()].filter((key) => !english.has(key))).toEqual([])
  })

  test('say the same values', () => {
    const differing = [...words].filter(([key, text]) => placeholdersOf(text) !== placeholdersOf(english.get(key)))
    expect(differing).toEqual([])
  })

  test('name their own language', () => {
    expect(words.get('language')).toBe(language)
  })
})

test('no particle of Korean depends on what is filled in before it', async () => {
  // Which of these follows is settled by the last sound of the word before: 은 or 는, 이 or 가, 을 or 를, 와 or 과, 로 or 으로.
  const attached = /\}(?:은|는|이|가|을|를|와|과|로|으로)(?![\p{L}(])/u
  expect([...(await stringsOf('ko'))].filter(([, text]) => attached.test(text))).toEqual([])
})

test('names and definitions of metrics in English are those of the code', () => {
  const said = Object.entries(metrics).flatMap(([name, { label, definition }]) => [
    [`metric.${name}.label`, label],
    [`metric.${name}.definition`, definition],
  ])
  const tools = Object.entries(otherTools).flatMap(([tool, of]) =>
    Object.entries(of).map(([name, { definition }]) => [`tools-count.of.${tool}.${name}`, definition]),
  )
  const found = [...english].filter(([key]) => /^(?:metric|tools-count\.of)\./.test(key))
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries([...said, ...tools]))
})

const pages: Readonly<Record<string, () => PlanData>> = {
  eventful: () => eventfulFixture({ blocks: 2, requests: 6 }),
  arms: armsFixture,
  troubled: troubledFixture,
  ...chartFixtures,
}

/** A name of the code (`ttft_ms`, `host.cores`, `loadAverage`), or of a unit, a percentile, a format or a program. */
const isName = (word: string) =>
  /[\d_.]|[a-z][A-Z]/.test(word) ||
  /^(?:tokens|requests|bits|weight|ms|s|MiB|GiB|MB|MHz|kB|J|W|USD|Mtok|UTC|n|Node|Vega|SVG|CSV|JSON|CPU|GPU|PSS|RSS|VRAM|benchbook)$/.test(
    word,
  )

/** Names of axes, metrics, settings and facts are those of the files and manifests that they stand in. */
const namesIn = ({ manifests, plan: { cells } }: PlanData) => [
  ...keysOf([Object.values(manifests), cells.map(({ axes }) => axes)]).flatMap((key) => key.split('.')),
  ...Object.keys(metrics),
  'model',
  'quantization',
  'backend',
  'workload',
  'true',
  'false',
]

/** Latin words in what a page shows that come neither from its data nor from the lists above. */
function strangeWords(html: string, names: readonly string[]): string[] {
  const known = names.filter((text) => /[A-Za-z]{2}/.test(text) && text.length < 2000)
  const quoted = known.map((text) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
  const pattern = new RegExp(`(?<!\\w)(?:${quoted.join('|')})(?!\\w)`, 'g')
  return seenTexts(html).flatMap((text) => {
    const words =
      text
        .replaceAll(pattern, ' ')
        .replaceAll(/\{\w+\}|“[^”]*”/g, '') // filled in by scripts; or quoted from a record
        .match(/[A-Za-z][\w.]+/g) ?? []
    return words.some((word) => !isName(word)) ? [text.slice(0, 200)] : []
  })
}

/** What stands in a sentence as it is typed. */
const commands = ['SELECT trial_id, reason, detail FROM v_request WHERE status']

describe('what a reader sees', () => {
  // Hangul in place of every word that the strings have: what is Latin then does not come from there.
  const masked = (part: JsonValue, key = ''): JsonValue => {
    if (typeof part === 'string')
      return key === 'language' ? 'ko' : part.replaceAll(/(\{\w+\})|[A-Za-z]+/g, (_, place?: string) => place ?? '가')
    return Object.fromEntries(
      Object.entries(part as Record<string, JsonValue>).map(([name, item]) => [name, masked(item, name)]),
    )
  }
  let template: TemplateFiles
  beforeAll(async () => {
    const packaged = await loadTemplates()
    template = { ...packaged, strings: masked(packaged.strings) as TemplateFiles['strings'] }
  })

  test.each(Object.keys(pages))('comes from the strings of its language or from its data: %s', async (name) => {
    const data = pages[name]?.() as PlanData
    const known = [...valuesIn(shownData(data)), ...namesIn(data)]
    expect(strangeWords(await renderReport(data, { template }), known)).toEqual([])
  })

  test.each(Object.keys(pages))('has no English sentence in Korean: %s', async (name) => {
    const data = pages[name]?.() as PlanData
    const html = await renderReport(data, { template: await loadTemplates(undefined, 'ko') })
    const known = [...valuesIn(shownData(data)), ...namesIn(data), ...commands]
    expect(strangeWords(html, known).filter((text) => /[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2}/.test(text))).toEqual([])
  })

  test('the index as well', async () => {
    const plan = { id: 'c0ffee', title: '가', createdAtMs: 2000, cells: 2, trials: 4, ended: 1 }
    const reports = [{ file: 'old.html', summary: undefined }]
    const html = await renderIndex({ reports, plans: [plan] }, { template })
    expect(strangeWords(html, valuesIn([reports, plan]))).toEqual([])
  })
})
