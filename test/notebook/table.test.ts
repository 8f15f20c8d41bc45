import { expect, test } from 'vitest'
import { tableBundle } from '../../lib/notebook/table.ts'

const html = (rows: readonly object[], options = {}) => tableBundle(rows, options)['text/html'] as string

test('text is shown as text, in heads and in cells, whatever it says', () => {
  const hostile = '<script>alert(1)</script>"\'&\u202e\u0000'
  const shown = html([{ [hostile]: hostile, axes: { [hostile]: 'x' } }])
  expect(shown).not.toContain('<script')
  expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u202e\\u0000')
  expect(tableBundle([{ a: 'x\u001b[2J\ny' }], {})['text/plain']).toBe('a\nx\\u001b[2J\\u{a}y')
})

test('a table shows so many rows, and counts the others', () => {
  const rows = Array.from({ length: 1000 }, (_, n) => ({ n }))
  expect(html(rows).match(/<tr>/g)).toHaveLength(21)
  expect(html(rows)).toMatch(/<p>980 more<\/p>$/)
  expect(html(rows, { rows: 3 }).match(/<tr>/g)).toHaveLength(4)
  expect(html(rows.slice(0, 20))).not.toContain('more')
})

test('axes are columns of their own, and columns that say nothing are left out', () => {
  const rows = [
    {
      plan_id: 'p',
      arm: '{}',
      axes: { model: 'demo', status: 'x' },
      status: 'ok',
      decode_tps: 12.345678,
      ttft_ms: null,
    },
    { plan_id: 'p', arm: '{}', axes: { model: 'demo', status: 'y' }, status: 'ok', decode_tps: null, ttft_ms: null },
  ]
  expect(tableBundle(rows, {})['text/plain']).toMatchInlineSnapshot(`
    "model  axes.status  status  decode_tps
    demo   x            ok      12.346
    demo   y            ok"
  `)
  expect(tableBundle(rows, { columns: ['arm', 'ttft_ms'] })['text/plain']).toMatchInlineSnapshot(`
    "arm  ttft_ms
    {}
    {}"
  `)
})

test('no rows are an empty table', () => {
  expect(html([])).toMatchInlineSnapshot(`
    "<table>
    <thead><tr></tr></thead>
    <tbody>

    </tbody>
    </table>"
  `)
})

test('a long text is cut', () => {
  expect(html([{ a: 'x'.repeat(1e6) }]).length).toBeLessThan(400)
})

test('a column that no row has is told, with those that there are', () => {
  const rows = [{ axes: { model: 'demo' }, ttft_ms: null }, { axes: { threads: 2 } }]
  expect(() => tableBundle(rows, { columns: ['model', 'tftf_ms'] })).toThrowErrorMatchingInlineSnapshot(
    `[NotebookError: no row has the column tftf_ms; there are model, ttft_ms, threads]`,
  )
  expect(tableBundle([], { columns: ['any'] })['text/plain']).toBe('any')
})
