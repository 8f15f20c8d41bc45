import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates, type TemplateFiles } from '../../lib/report/template-files.ts'
import { eventfulFixture, hostile } from './eventful-fixture.ts'
import { fixture, withTrials } from './fixture.ts'

let template: TemplateFiles
beforeAll(async () => {
  template = await loadTemplates()
})
const render = (data: PlanData) => renderReport(data, { template })

const scripts = (html: string) =>
  [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script/g)].map(([, attributes = '', text = '']) => ({
    attributes,
    text,
  }))
const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Everything that a report names, replaced by what should not be in a name. */
function renamed(data: PlanData, to: string): PlanData {
  const inJson = JSON.stringify(to).slice(1, -1)
  const twice = JSON.stringify(inJson).slice(1, -1)
  const text = JSON.stringify(data).replaceAll(String.raw`\"q4_0\"`, String.raw`\"${twice}\"`)
  return JSON.parse(
    text
      .replaceAll('"q4_0"', `"${inJson}"`)
      .replaceAll('"decode"', `"${inJson}"`)
      .replaceAll('"p1"', `"${inJson}"`)
      .replaceAll('AMD EPYC 7B13', inJson),
  ) as PlanData
}

describe('the policy', () => {
  test('lets exactly the scripts and the style of the page run', async () => {
    const html = await render(eventfulFixture())
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/
        .exec(html)?.[1]
        ?.replaceAll('&#x27;', "'")
        .replaceAll('&#x3D;', '=') ?? ''
    const run = scripts(html).filter(({ attributes }) => !attributes.includes('application/json'))
    expect(run).toHaveLength(2)
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
    expect(policy).toBe(
      `default-src 'none'; script-src ${run.map(({ text }) => sha256(text)).join(' ')}; style-src ${sha256(style)}; base-uri 'none'; form-action 'none'`,
    )
  })

  test('has nothing to forbid: no handler, no style attribute, nothing to fetch', async () => {
    const html = (await render(eventfulFixture())).replaceAll(/<script[\s\S]*?<\/script>/g, '')
    expect(/<[^<>]*\s(on\w+|style|src|srcset|action)\s*=/.exec(html)).toBe(null)
    expect(html.match(/href="(?!#|data:)[^"]*"/g)).toBe(null)
    expect(html.includes('url(')).toBe(false)
  })
})

describe('hostile text', () => {
  test.each(Object.entries(hostile))('%s stays text wherever it stands', async (_, text) => {
    const html = await render(renamed(eventfulFixture({ title: text, question: text }), text))
    expect(scripts(html)).toHaveLength(
      2 + scripts(html).filter(({ attributes }) => attributes.includes('application/json')).length,
    )
    expect(/<script>alert|<[^<>]*\sonmouseover=/.exec(html)).toBe(null)
    // oxlint-disable-next-line no-control-regex -- finding controls is the point
    expect(/[\u0000-\u0008\u000e-\u001f\u202e\u2066]/.exec(html)).toBe(null)
  })

  test('in the data of a chart cannot end its script', async () => {
    const html = await render(renamed(eventfulFixture(), hostile.script))
    const charts = scripts(html).filter(({ attributes }) => attributes.includes('chart'))
    expect(charts.length).toBeGreaterThan(0)
    for (const { text } of charts) expect(JSON.stringify(JSON.parse(text))).toContain('alert(1)')
  })

  test('never becomes part of an expression', async () => {
    const marker = 'MARKER'
    const html = await render(renamed(eventfulFixture(), marker))
    const charts = scripts(html).filter(({ attributes }) => attributes.includes('chart'))
    const found = new Set<string>()
    for (const { text } of charts)
      findKeys(JSON.parse(text), '', (key, value) => value.includes(marker) && found.add(key))
    expect([...found].toSorted()).toEqual(['domain', 'label', 'name', 'tip'])
  })
})

/** Calls `each` with every string in `value` and the nearest key above it. */
function findKeys(value: unknown, key: string, each: (key: string, value: string) => unknown): void {
  if (typeof value === 'string') each(key, value)
  else if (Array.isArray(value)) for (const item of value) findKeys(item, key, each)
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value)) findKeys(item, name, each)
}

describe('the page', () => {
  test('is the same bytes for the same data, however often it is rendered', async () => {
    const first = await render(eventfulFixture())
    expect(await render(JSON.parse(JSON.stringify(eventfulFixture())) as PlanData)).toBe(first)
  })

  test('has the sections of the design in their order', async () => {
    const html = await render(fixture())
    const sections = [...html.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id)
    expect(sections).toEqual(['answer', 'matrix', 'charts', 'mislead', 'skipped', 'method', 'machines', 'data'])
  })

  test('leads every link inside itself to something that is there, once', async () => {
    const html = (await render(eventfulFixture())).replaceAll(/<script[\s\S]*?<\/script>/g, '')
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const links = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
    expect(links.filter((link) => !ids.includes(link))).toEqual([])
  })

  test('does without an interval or a chart where there is nothing to draw', async () => {
    const pending = {
      ...withTrials(fixture(), () => true, { status: 'pending', metrics: {} }),
      requests: [],
      manifests: {},
      artifacts: {},
      sessions: [],
    }
    const failed = withTrials(fixture(), () => true, { status: 'failed', reason: 'crashed', metrics: {} })
    const empty = { ...pending, plan: { ...pending.plan, cells: [], launches: [] }, launches: [], trials: [] }
    const single = fixture({ models: ['demo'], threads: [1], workloads: ['quality'] })
    for (const data of [pending, failed, empty, single]) {
      const html = (await render(data)).replaceAll(/<script[\s\S]*?<\/script>/g, '')
      expect(/NaN|Infinity|undefined|\[object/.exec(html)).toBe(null)
    }
  })

  test('prints the plan at the head of every page, whatever the experiment is called', async () => {
    const data = fixture()
    const experiment = { ...data.plan.experiment, name: "x' } * { display: none } </style>" }
    const html = await render({ ...data, plan: { ...data.plan, experiment } })
    expect(html).toContain(
      "@page { @top-left { content: 'x- - - - display- none - -style-' } @top-right { content: '3f9ac1d2e4b5' } }",
    )
  })

  test('keeps what went on over time in a fold, which paper shows open', async () => {
    const html = await render(fixture({ blocks: 2 }))
    const [fold = ''] =
      /<details class="more printed"><summary>8 more charts:[\s\S]*<\/figure>\s*<\/div><\/details>/.exec(html) ?? []
    const ids = [...fold.matchAll(/<figure id="figure-([\w-]+)-\d"/g)].map(([, id]) => id)
    expect(new Set(ids)).toEqual(
      new Set(['over-time-ttft_ms', 'over-time-e2e_ms', 'over-time-decode_tps', 'launches-decode_tps']),
    )
    expect(html.slice(0, html.indexOf(fold)).match(/<figure id="figure-(over-time|launches)/)).toBe(null)
  })

  test('gives a chart without scripts as a picture and its numbers as a table', async () => {
    const html = await render(fixture())
    const figures = [...html.matchAll(/<figure[\s\S]*?<\/figure>/g)].map(([figure]) => figure)
    expect(figures).toHaveLength(14)
    for (const figure of figures) {
      expect(figure).toMatch(/role="img" aria-label="[^"]+"><div aria-hidden="true"><svg/)
      expect(figure).toContain('<table>')
      expect(figure).toContain('currentColor')
    }
  })
})
