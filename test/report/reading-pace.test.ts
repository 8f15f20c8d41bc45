import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readingPace } from '../../lib/domain/reading-pace.ts'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { paceFixture } from './charts-fixture.ts'
import { fixture, withTrials } from './fixture.ts'
import { viewOf } from './view.ts'

const shown = (data: PlanData) => viewOf(data).figures.find(({ chart }) => chart === 'reading-pace')
const plain = (text = '') => text.replaceAll(/[\u202f\u00a0]/g, ' ')

test('the measured speed of each cell stands against what a reader can follow, with its interval', () => {
  const figure = shown(paceFixture())
  expect([figure?.title, figure?.subtitle, figure?.reading].map(plain)).toMatchInlineSnapshot(`
    [
      "To read along takes 7 tokens/s on demo: 5 of 7 cells are that fast, 2 are slower",
      "speed at which an answer appears after its first token (decode), tokens/s; band = 7, comfortable to read along, to 13, too fast for most; marks = means over launches, bars = their 95 % intervals (Student’s t; n = 3); hollow = invalid",
      "both ends of the band are the opinion of one author (the post in data/published/ollama-machines, 2024), and were not measured here; how much text a token is depends on language and tokenizer: two models of equal speed may read differently; the wait for the first token is not in it.",
    ]
  `)
  expect(figure?.twin.rows.map((row) => row.map(({ text }) => plain(text)).join(' | '))).toMatchInlineSnapshot(`
    [
      "demo · f16 · 1 thread · decode | 4.64 | 4.51 | 4.77 | 3 | slower than comfortable",
      "demo · f16 · 2 threads · decode | 7.538 | 7.456 | 7.621 | 3 | to read along",
      "demo · q8_0 · 1 thread · decode | 6.76 | 6.54 | 6.98 | 3 | slower than comfortable",
      "demo · q8_0 · 2 threads · decode | 10.78 | 10.38 | 11.19 | 3 | to read along",
      "demo · q4_0 · 1 thread · decode | 9.14 | 8.93 | 9.36 | 3 | to read along",
      "demo · q4_0 · 2 threads · decode | 14.60 | 14.33 | 14.88 | 3 | too fast to follow",
      "demo · q4_k_m · 1 thread · decode | 8.61 | 8.39 | 8.85 | 3 | to read along",
      "demo · q4_k_m · 2 threads · decode | 13.91 | 13.49 | 14.35 | 3 | too fast to follow",
    ]
  `)
})

test('what is far too fast to read along is not asked that; of invalid cells alone it is not asked where others are valid', () => {
  expect(shown(fixture())).toBe(undefined)
  const slow = withTrials(
    fixture({ workloads: ['decode'] }),
    (_, { axes }) => axes['quantization'] === 'f16' && axes['model'] === 'demo',
    { invalid: [{ reason: 'contention', detail: 'other load' }], metrics: { decode_tps: { value: 9 } } },
  )
  expect(shown(slow)).toBe(undefined)
})

test('the ends of the band are those of the post that they are from', async () => {
  const table = await readFile(new URL('../../data/published/ollama-machines/reading.csv', import.meta.url), 'utf8')
  expect(table).toContain(`,comfortable,${readingPace.comfortable}\n`)
  expect(table).toContain(`,too-fast-to-follow,${readingPace.tooFast}\n`)
})
