import { describe, expect, test } from 'vitest'
import { renderIndex } from '../../lib/report/render-index.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { summaryIn, summaryWithin, type Summary } from '../../lib/report/summary.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { hostile } from './eventful-fixture.ts'
import { fixture } from './fixture.ts'

const template = await loadTemplates()
const report = (change: Partial<Summary> = {}): Summary => ({
  version: 1,
  plan: '3f9ac1d2e4b5',
  language: { code: 'en', name: 'English' },
  title: 'Does it pay?',
  question: 'What is gained?',
  kicker: 'quickstart · measured 2026-11-20',
  answer: 'q4_0 decoded 1.95 times as fast as f16.',
  chips: [{ text: '1 failed', tone: 'warn' }],
  atMs: 1000,
  ...change,
})

const page = (json: string) => `<script type="application/json" id="summary">${json}</script>`

describe('a report', () => {
  test('says of itself, in its first bytes, what an index needs', async () => {
    const html = await renderReport(fixture(), { template })
    expect(summaryIn(html.slice(0, summaryWithin))).toMatchObject({
      version: 1,
      plan: '3f9ac1d2e4b5',
      title: 'Does quantizing pay on this CPU?',
      answer: expect.stringMatching(/^Seen once, no verdict: on random-50m/) as string,
      kicker: 'quickstart · measured 2026-11-20 · 2 cores of AMD EPYC 7B13 · llama.cpp b6980',
      atMs: Date.UTC(2026, 10, 20, 9, 0, 0),
    })
  })

  test('keeps its summary whole with text that would end it', async () => {
    const html = await renderReport(fixture({ title: hostile.script, question: 'x'.repeat(50_000) }), { template })
    expect(summaryIn(html.slice(0, summaryWithin))?.title).toBe(hostile.script)
  })

  test('whose summary is not one has none', () => {
    for (const json of ['', '{', '{}', '[]', JSON.stringify({ ...report(), version: 2 })])
      expect(summaryIn(page(json)), json).toBe(undefined)
    expect(summaryIn(page(JSON.stringify(report())))).toEqual(report())
  })
})

describe('an index', () => {
  const plan = { id: 'c0ffee', title: 'Not yet', createdAtMs: 2000, cells: 2, trials: 4, ended: 1 }

  test('has the latest first, and plans without a report with the command that makes it', async () => {
    const reports = [
      { file: 'a b.html', summary: report() },
      { file: 'old.html', summary: undefined },
    ]
    const html = await renderIndex({ reports, plans: [plan] }, { template })
    const titles = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)
    expect(titles).toEqual(['Not yet', '<a href="a%20b.html">Does it pay?</a>', '<a href="old.html">old.html</a>'])
    expect(html).toContain('<pre>benchbook report c0ffee</pre>')
    expect(html).toContain('<li class="warn"><span>1 of 4 trials measured</span></li>')
  })

  test('is the same bytes in whatever order it is told of its reports', async () => {
    const reports = ['b', 'a', 'c'].map((file) => ({ file: `${file}.html`, summary: report() }))
    const html = await renderIndex({ reports, plans: [] }, { template })
    expect(await renderIndex({ reports: reports.toReversed(), plans: [] }, { template })).toBe(html)
  })

  test('shows hostile text as text', async () => {
    for (const text of Object.values(hostile)) {
      const summary = report({
        title: text,
        question: text,
        answer: text,
        kicker: text,
        chips: [{ text, tone: 'plain' }],
      })
      const html = await renderIndex(
        { reports: [{ file: 'x.html', summary }], plans: [{ ...plan, title: text }] },
        { template },
      )
      expect(html.match(/<script/g)).toHaveLength(2)
      expect(/<[^<>]*\sonmouseover=/.exec(html)).toBe(null)
      // oxlint-disable-next-line no-control-regex -- finding controls is the point
      expect(/[\u0000-\u0008\u000e-\u001f\u202e\u2066]/.exec(html)).toBe(null)
    }
  })

  test('of no reports says how to make one', async () => {
    expect(await renderIndex({ reports: [], plans: [] }, { template })).toContain('There is no report yet')
  })
})
