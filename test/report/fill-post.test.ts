import { expect, test } from 'vitest'
import { isStale, pinText } from '../../lib/report/stale-pin.ts'
import { armsFixture } from './arms-fixture.ts'
import { fixture, withTrials } from './fixture.ts'
import { bodyOf, filled, refusal } from './filled-post.ts'
import { bindingsOf } from './post-of.ts'

const measured = bindingsOf(fixture({ blocks: 3 }))

const value = (rest: string) =>
  bodyOf(`{{value metric="decode_tps" model="demo" quantization="q8_0" threads=1 ${rest}}}`, measured)

test('a value is that of the one cell that the axes pick, as the report has it', () => {
  expect([value(''), value('interval=true'), value('interval=true unit=true'), value('digits=2 unit=true')]).toEqual([
    '3\u202f963',
    '3\u202f963\u00a0±\u202f43',
    '3\u202f963\u00a0±\u202f43\u00a0tokens/s',
    '3\u202f963\u00a0tokens/s',
  ])
  expect([value('of="n"'), value('of="low"')]).toEqual(['3', '3\u202f920'])
})

test('what only one kind of workload has needs no workload named', () => {
  expect(bodyOf('{{value metric="perplexity" quantization="q4_0"}}')).toBe('54.65')
})

test('a ratio is over the blocks that have both', () => {
  const ratio = '{{ratio metric="decode_tps" of="q4_0" to="f16" model="demo" [backend.threads]=1'
  expect(bodyOf(`${ratio}}}`, measured)).toBe('1.95')
  expect(bodyOf(`${ratio} change=true}}`, measured)).toBe('95\u202f%')
})

test('the matrix is a table in Markdown: rows by axes, columns by metrics', () => {
  expect(bodyOf('{{table "matrix" quantization="q4_0" columns="decode_tps, perplexity"}}', measured))
    .toMatchInlineSnapshot(`
    "| quantization | model | backend.threads | decode, tokens/s | perplexity |
    | :--- | :--- | ---: | ---: | ---: |
    | q4_0 | demo | 1 | 5 433 ± 57 | 54.65 |
    | q4_0 | demo | 2 | 8 803 ± 222 | – ¹ |
    | q4_0 | random-50m | 1 | 420 ± 16 | – ¹ |
    | q4_0 | random-50m | 2 | 680.5 ± 9.9 | – ¹ |

    1. the experiment has no perplexity cell here"
  `)
})

test('other tables, figures and parts', () => {
  const arms = bindingsOf(armsFixture())
  expect(bodyOf('{{table "prompts"}}', arms)).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(bodyOf('{{table "engines"}}', arms)).toContain('**Side by side**')
  expect(bodyOf('{{table "tradeoff-1"}}')).toContain('| demo · f16 |')
  expect(bodyOf('{{chart "speed"}} {{charts "memory" "speed"}} {{chart "tradeoff-1" table=true}}')).toBe(
    '[decode_tps-1] [pss_peak_bytes]\n\n[decode_tps-1] [tradeoff-1 table]',
  )
  expect(filled('{{chart "speed"}} {{charts "memory" "speed"}}').figures.map(({ id }) => id)).toEqual([
    'decode_tps-1',
    'pss_peak_bytes',
  ])
  for (const part of ['answer', 'facts', 'warnings', 'method', 'versions', 'rebuild', 'title', 'question'])
    expect(bodyOf(`{{${part}}}`)).not.toBe('')
})

test('everything that cannot be bound is told at once, with its place and what there is', () => {
  const text = `---
title: x
---
{{value metric="decode_tps"}} and {{value metric="decode_tsp" quantization="q8_0"}}
  {{value metric="decode_tps" quantization="q9"}}
{{value metric="decode_tps" quantisation="q8_0"}} {{value "decode_tps"}} {{value model="demo"}}
{{value metric="decode_tps" quantization="f16" digits=99}} {{value metric="ttft_ms" quantization="f16" of="low"}}
{{value metric="perplexity" workload="decode" quantization="f16"}} {{ratio metric="decode_tps" of="q4_0"}}
{{ratio metric="decode_tps" of="q4_0" to="f61"}}
{{table "matrx"}} {{table "prompts" model="demo"}} {{table "matrix" columns="decode"}}
{{chart "distribution"}} {{chart "sped"}} {{charts "sped"}} {{chart}}
`
  expect(refusal(text)).toMatchInlineSnapshot(`
    "reports/posts/mine.md:4:1: decode_tps is of 4 cells: add an axis that tells apart demo · f16 · decode, demo · q8_0 · decode, demo · q4_0 · decode, demo · q4_k_m · decode
    reports/posts/mine.md:4:35: there is no metric decode_tsp, did you mean "decode_tps"? benchbook explain lists all
    reports/posts/mine.md:5:3: quantization has no q9: there is f16, q8_0, q4_0, q4_k_m
    reports/posts/mine.md:6:1: there is no axis quantisation, did you mean "quantization"? the axes are model, quantization, backend.threads, workload; options are metric, interval, unit, digits, of
    reports/posts/mine.md:6:51: "decode_tps" belongs to no option: write metric="decode_tps"
    reports/posts/mine.md:6:74: no metric is named: add one, as in metric="decode_tps"; benchbook explain lists all
    reports/posts/mine.md:7:1: digits is to be 1 to 15, not 99
    reports/posts/mine.md:7:60: ttft_ms of demo · f16 · decode has no interval: n = 1
    reports/posts/mine.md:8:1: demo · f16 · decode has no perplexity: could not be derived
    reports/posts/mine.md:8:68: {{ratio}} needs of="…" and to="…", values of quantization: f16, q8_0, q4_0, q4_k_m
    reports/posts/mine.md:9:1: quantization has no f61, did you mean "f16"? there is f16, q8_0, q4_0, q4_k_m
    reports/posts/mine.md:10:1: there is no table matrx, did you mean "matrix"? there is matrix, prompts, engines, costs, machines, decode_tps-1, pss_peak_bytes, tradeoff-1, distribution-ttft_ms-1, distribution-tpot_ms-1, over-time-ttft_ms-1, over-time-e2e_ms-1, over-time-decode_tps-1
    reports/posts/mine.md:10:19: the table prompts has no option model: only the matrix has, axes and columns="…"
    reports/posts/mine.md:10:52: there is no column decode, did you mean "decode_tps"? there is decode_tps, ttft_ms, pss_peak_bytes, load_ms, perplexity, tpot_ms, e2e_ms, output_tps, model_bytes, effective_bpw, rss_peak_bytes
    reports/posts/mine.md:11:1: "distribution" is 2 charts: name one of distribution-ttft_ms-1, distribution-tpot_ms-1, or take all of them with {{charts "distribution"}}
    reports/posts/mine.md:11:26: there is no chart "sped", did you mean "speed"? there is decode_tps-1, pss_peak_bytes, tradeoff-1, distribution-ttft_ms-1, distribution-tpot_ms-1, over-time-ttft_ms-1, over-time-e2e_ms-1, over-time-decode_tps-1
    reports/posts/mine.md:11:43: there is no chart "sped", did you mean "speed"? there is decode_tps-1, pss_peak_bytes, tradeoff-1, distribution-ttft_ms-1, distribution-tpot_ms-1, over-time-ttft_ms-1, over-time-e2e_ms-1, over-time-decode_tps-1
    reports/posts/mine.md:11:61: name one chart, as in {{chart "decode_tps-1"}}"
  `)
})

test('a value that rests on invalid trials only is told to the author', () => {
  const invalid = withTrials(fixture({ models: ['demo'], threads: [1] }), () => true, {
    invalid: [{ reason: 'contention', detail: 'x' }],
  })
  expect(filled('x\n{{value metric="decode_tps" quantization="f16"}}', bindingsOf(invalid)).doubts).toEqual([
    {
      place: { file: 'reports/posts/mine.md', line: 2, column: 1 },
      says: 'decode_tps of demo · f16 · decode rests on invalid trials only',
    },
  ])
})

test('a pin is held against what the store says, whatever spaces were typed', () => {
  const bound = '{{value metric="decode_tps" model="demo" quantization="q8_0" threads=1 interval=true'
  const { pins } = filled(`${bound} is="3 963 ± 43"}}\n${bound} is="3 963 ± 44"}}`, measured)
  expect(pins.map(isStale)).toEqual([false, true])
  expect(pins.slice(1)).toMatchObject([{ place: { file: 'reports/posts/mine.md', line: 2, column: 1 } }])
  expect(pins.slice(1).map(pinText)).toEqual(['the text was written for 3 963 ± 44, the store says 3 963 ± 43'])
})

test('what is wrong with front matter is told with its place', () => {
  expect(refusal('---\ntitle: [x]\ndate: 20 Nov\nimages: gif\nlayout: post\n---\n')).toMatchInlineSnapshot(`
    "reports/posts/mine.md:2:8: title: must be text, got ["x"]
        title: [x]
    reports/posts/mine.md:3:7: date: must be a date such as 2026-11-20, got "20 Nov"
        date: 20 Nov
    reports/posts/mine.md:4:9: images: must be one of svg, png, got "gif"
        images: gif"
  `)
})
