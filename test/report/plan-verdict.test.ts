import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { isStale, pinText } from '../../lib/report/stale-pin.ts'
import { abFixture } from './ab-fixture.ts'
import { bodyOf, filled, refusal } from './filled-post.ts'
import { bindingsOf } from './post-of.ts'

const one = bindingsOf(abFixture())
const several = bindingsOf(
  abFixture({
    pairs: [
      ['f16', 'q8_0'],
      ['f16', 'q4_0'],
    ],
    plan: { threads: [1, 2] },
  }),
)
const spaced = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll('\u2212', '-')

test('the verdict on a metric is a sentence of the post', () => {
  const sentence = spaced(bodyOf('{{verdict "decode_tps"}}', one))
  expect(sentence).toMatch(
    /^q4_0 is faster by [\d.]+ % \(simultaneous 95 % CI [\d.]+ to [\d.]+\), beyond the 2 % margin\.$/,
  )
  expect(spaced(bodyOf('{{verdict metric="decode_tps" base="f16" against="q4_0"}}', one))).toBe(sentence)
})

test('without a metric it is the one to decide by', () => {
  const sentence = spaced(bodyOf('So: {{verdict}} {{verdict base="f16"}}', one))
  expect(sentence).toMatch(/^So: q4_0 is faster than f16 by .*; its perplexity is not worse by more than 1 %; /)
  expect(sentence.match(/single-session/g)).toHaveLength(2)
})

const ask = (rest: string) => `{{verdict "decode_tps" ${rest}}}`

test('of several pairs and settings names and axes pick one', () => {
  const at = [1, 2].map((threads) => spaced(bodyOf(ask(`against="q8_0" threads=${threads}`), several)))
  expect(at[0]).toMatch(/^q8_0 is /)
  expect(at[1]).not.toBe(at[0])
  expect(refusal(ask('against="q8_0"'), several)).toMatch(
    /decode_tps is compared in 2 places: name base="…", against="…" or an axis that tells apart q8_0 against f16/,
  )
  expect(refusal('{{verdict}}', several)).toMatch(/that is of \d pairs: name base="…" and against="…", or an axis/)
})

test('what there is not is told with what there is', () => {
  expect([
    refusal('{{verdict "decode_tps" against="q4-0"}}', one),
    refusal('{{verdict "tpot_ms"}}', one),
    refusal('{{verdict "decode"}}', one),
    refusal('{{verdict "decode_tps" metric="ttft_ms"}}', one),
    refusal('{{verdict "decode_tps" "q4_0"}}', one),
    refusal('{{verdict "decode_tps" digits=2}}', one),
    refusal('{{verdict "decode_tps"}}'),
  ]).toMatchInlineSnapshot(`
    [
      "reports/posts/mine.md:1:1: no pair has against q4-0, did you mean "q4_0"? there is q4_0",
      "reports/posts/mine.md:1:1: nothing is compared by tpot_ms, did you mean "ttft_ms"? there is decode_tps, ttft_ms, perplexity, pss_peak_bytes",
      "reports/posts/mine.md:1:1: there is no metric decode, did you mean "decode_tps"? benchbook explain lists all",
      "reports/posts/mine.md:1:1: the metric is named twice: "decode_tps" and metric="ttft_ms"",
      "reports/posts/mine.md:1:1: "q4_0" belongs to no option: write metric="q4_0"",
      "reports/posts/mine.md:1:1: there is no axis digits: the axes are model, quantization, backend.threads, workload; options are metric, base, against",
      "reports/posts/mine.md:1:1: the plan compares nothing: its experiment declares what is compared (compare), before it is run",
    ]
  `)
})

test('a sentence that prose was written for is held to what it is now', () => {
  const now = bodyOf('{{verdict "decode_tps"}}', one)
  expect(filled(`{{verdict "decode_tps" is="${now}"}}`, one).pins.filter(isStale)).toEqual([])
  const [pin] = filled('{{verdict "decode_tps" is="q4_0 is faster by 1 %."}}', one).pins.filter(isStale)
  expect(pin && spaced(pinText(pin))).toMatch(/q4_0 is faster by/)
})

test('what was not declared is told to the author', () => {
  const { doubts } = filled('{{verdict "pss_peak_bytes"}}', one)
  expect(doubts.map(({ says }) => says)).toEqual([
    'the verdict on pss_peak_bytes is exploratory: it was not declared beforehand',
  ])
})

test('it may stand in the head, and is plain text there', () => {
  const { title } = filled('---\ntitle: "{{verdict \'decode_tps\'}}"\n---\nx\n', one)
  expect(spaced(title ?? '')).toMatch(/^q4_0 is faster by /)
})

test('names of arms are text, whatever they hold', () => {
  const data = abFixture()
  const hostile = '<img src=x onerror=alert(1)> [x](http://x) {{7*7}}'
  const cells = data.plan.cells.map((cell) =>
    cell.axes['quantization'] === 'q4_0' ? { ...cell, axes: { ...cell.axes, quantization: hostile } } : cell,
  )
  const changed: PlanData = { ...data, plan: { ...data.plan, cells } }
  const body = bodyOf('{{verdict "decode_tps"}}', bindingsOf(changed))
  expect(body).toContain('&lt;img')
  expect(body).not.toMatch(/<img|\[x\]\(|\{\{/)
})
