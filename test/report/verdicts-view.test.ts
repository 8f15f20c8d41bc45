import { describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { abFixture, type Said, usual } from './ab-fixture.ts'
import { fixture, withTrials } from './fixture.ts'
import { allFigures, sentenceOf, viewOf } from './view.ts'

const bare = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ')
const verdictsOf = (data: PlanData) => {
  const { verdicts } = viewOf(data)
  if (verdicts === undefined) throw new Error('a plan without verdicts')
  return verdicts
}
const none = { outcome: 'none', speed: 'decode_tps', beside: [] } as const
/** All of the usual metrics with another verdict, which claims nothing. */
const saying = (said: Partial<Said>) =>
  abFixture({ said: usual.map(({ metric }) => ({ metric, verdict: { row: 'inconclusive' }, ...said })), joint: none })

describe('a declared comparison', () => {
  test('answers with its joint verdict, whose claim stands out, and says what it rests on', () => {
    const { answer, verdicts } = viewOf(abFixture())
    expect(bare(sentenceOf(abFixture()))).toBe(
      '*q4_0 is faster than f16 by 96.0 %* (simultaneous 95 % CI 94.1 to 97.9), beyond the 2 % margin; its perplexity is not worse by more than 1 %; it uses 11.7 % less memory (peak PSS); single-session.',
    )
    expect(answer.sound).toBe(true)
    expect(bare(answer.note)).toBe(
      'Declared beforehand and read from 10 blocks; each of 3 declared comparisons has an interval of 97.5 %, so that all of them hold together at 95 %.',
    )
    expect(verdicts?.chips.map(({ text, tone }) => [bare(text), tone])).toEqual([
      ['single-session', 'plain'],
      ['10 of 10 blocks', 'plain'],
      ['noise floor 1.2 %', 'plain'],
    ])
  })

  test('has the intervals beside the answer and each block below, not the means of arms', () => {
    const view = viewOf(abFixture())
    expect(view.answerFigures.map(({ chart }) => chart)).toEqual(['intervals'])
    const [pair] = view.verdicts?.pairs ?? []
    expect(pair?.intervals).toEqual([])
    expect(pair?.blocks.map(({ chart }) => chart)).toEqual(['paired', 'block-order'])
    expect(view.figures.map(({ chart }) => chart)).toContain('speed')
  })

  test('has a row for each metric, the declared ones first, and marks what nobody declared', () => {
    const [first, ...rest] = usual
    const late = { ...(first as Said), declared: false }
    const rows = verdictsOf(abFixture({ said: [late, ...rest] })).pairs[0]?.rows
    expect(rows?.map(({ name, exploratory }) => [name, exploratory])).toEqual([
      ['TTFT', false],
      ['perplexity', false],
      ['decode', true],
      ['peak PSS', true],
    ])
    expect(rows?.map(({ basis }) => basis)).toEqual([
      '10 of 10 blocks',
      '24 chunks of text',
      '10 of 10 blocks',
      '10 of 10 blocks',
    ])
  })

  test('tells in what the arms differ, and that the treatment implies it', () => {
    const differences = verdictsOf(abFixture()).pairs[0]?.differences ?? []
    expect(differences.map(({ path }) => path)).toContain('artifact.digest')
    expect(differences.every(({ implied }) => implied)).toBe(true)
    expect(differences.map(({ path }) => path)).not.toContain('engine.threads')
  })

  test('says what would be said without blocks, and where that would be another verdict', () => {
    const [first, second] = usual as [Said, Said]
    const data = abFixture({ said: [first, second] })
    const estimate = data.verdicts?.comparisons[0]?.cells[0]?.metrics[0]?.estimate
    if (estimate === undefined) throw new Error('no estimate')
    const other = { ...first, unblocked: { estimate, row: 'inconclusive' as const } }
    const unblocked = verdictsOf(abFixture({ said: [other, second] })).pairs[0]?.unblocked
    expect(unblocked?.map(({ name, same }) => [name, same])).toEqual([
      ['decode', false],
      ['TTFT', true],
    ])
    expect(bare(unblocked?.[0]?.text ?? '')).toMatch(/^Inconclusive: /)
  })

  test('has how it was made under “Method”, and all of it as JSON', () => {
    const view = viewOf(abFixture())
    expect(bare(view.verdicts?.method[0] ?? '')).toBe(
      'Declared before anything ran: q4_0 against f16. Metrics and their margins: decode 2 %, TTFT 5 %, perplexity 1 %.',
    )
    expect(bare(view.verdicts?.method.join(' ') ?? '')).toContain('k = 3 declared comparisons')
    const file = view.rebuilding.files.find(({ name }) => name === 'quickstart.verdicts.json')
    const json = decodeURIComponent(file?.href.replace(/^[^,]*,/, '') ?? '')
    expect(JSON.parse(json)).toEqual(abFixture().verdicts)
  })

  test('is none where a plan declares nothing, or where nothing ended well', () => {
    expect(viewOf(fixture()).verdicts).toBe(undefined)
    const failed = withTrials(abFixture(), () => true, { status: 'failed', reason: 'crashed', metrics: {} })
    expect(sentenceOf(failed)).toMatch(/^No answer: all 40 trials failed/)
  })
})

describe('without a verdict', () => {
  test('of too few blocks the page says so first, then what was seen, with the chart of that', () => {
    const data = saying({ verdict: { row: 'too-few-blocks', blocks: 1 } })
    const view = viewOf(data)
    expect(sentenceOf(data)).toBe('q4_0 against f16: *No verdict*: 1 block.')
    // No blocks are no arm that is called l.
    const short = JSON.parse(JSON.stringify(data).replaceAll('q4_0', 'l')) as PlanData
    expect(sentenceOf(short)).toBe('l against f16: *No verdict*: 1 block.')
    expect(view.answer.sound).toBe(false)
    expect(view.answer.note).toMatch(/^Seen in 10 blocks, no verdict: /)
    expect(view.answerFigures.map(({ chart }) => chart)).toEqual(['speed'])
  })

  const differences = [{ field: 'engine.build', base: 'b1', against: '<script>alert(1)</script>' }]
  test.each([
    ['not comparable', { row: 'not-comparable' as const, differences }, 'Not comparable'],
    ['measured apart', { row: 'measured-apart' as const }, 'No verdict: measured apart'],
    ['errors', { row: 'error-rates' as const, base: 0, against: 0.12 }, 'q4_0 failed 12 % of its requests'],
    ['lengths', { row: 'lengths-differ' as const, change: 0.82 }, 'Withheld: q4_0’s answers are 18 % shorter'],
  ])('nothing is drawn that one could read a verdict from: %s', (_, verdict, says) => {
    const data = saying({ verdict })
    const view = viewOf(data)
    expect(bare(view.answer.parts.map(({ text }) => text).join(''))).toContain(says)
    expect(view.answerFigures).toEqual([])
    expect(allFigures(view).map(({ chart }) => chart)).not.toContain('paired')
    for (const row of view.verdicts?.pairs[0]?.rows ?? []) {
      expect([row.change, row.interval, row.withheld]).toEqual(['–', '–', true])
      expect(bare(row.verdict)).toContain(says)
    }
  })

  test('what the treatment does not imply stands first among the differences, and is text on the page', async () => {
    const data = saying({ verdict: { row: 'not-comparable', differences } })
    const [first, ...rest] = verdictsOf(data).pairs[0]?.differences ?? []
    expect([first?.path, first?.implied]).toEqual(['engine.build', false])
    expect(rest.every(({ implied }) => implied)).toBe(true)
    const html = await renderReport(data, { template: await loadTemplates() })
    expect(html).not.toContain('<script>alert(1)')
    expect(html).toContain('&lt;script&gt;alert(1)')
  })

  test('blocks that do not count are listed with their reasons, each once', () => {
    const throttled = { status: 'invalid', reason: 'throttled' } as const
    const failed = { status: 'failed', reason: 'out-of-memory' } as const
    const losses = [
      { block: 2, arm: 'against', why: throttled },
      { block: 2, arm: 'base', why: throttled },
      { block: 4, arm: 'against', why: failed },
    ] as const
    expect(verdictsOf(saying({ verdict: { row: 'invalid', losses, blocks: 10 }, losses })).pairs[0]?.losses).toEqual([
      'block 3: f16 invalid (throttled), q4_0 invalid (throttled)',
      'block 5: q4_0 failed (out of memory)',
    ])
  })
})

test('of thirty pairs three have charts, eight a table and all a line', () => {
  const data = abFixture({
    pairs: [
      ['f16', 'q8_0'],
      ['f16', 'q4_0'],
      ['f16', 'q4_k_m'],
    ],
    plan: { threads: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], blocks: 6, workloads: ['decode'] },
  })
  const verdicts = verdictsOf(data)
  expect(verdicts.overview).toHaveLength(30)
  expect(verdicts.overview[0]?.title).toBe('q8_0 against f16, 1 thread')
  expect(verdicts.overview.map(({ href }) => href !== '').lastIndexOf(true)).toBe(7)
  expect(verdicts.pairs).toHaveLength(8)
  expect(verdicts.pairs.map(({ intervals, blocks }) => intervals.length + blocks.length)).toEqual([
    2, 3, 3, 0, 0, 0, 0, 0,
  ])
  expect(verdicts.pairs.map(({ fold }) => fold !== '')).toEqual([false, true, true, true, true, true, true, true])
})
