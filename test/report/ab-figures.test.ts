import { describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { abFixture, type Said, usual } from './ab-fixture.ts'
import { withTrials } from './fixture.ts'
import { allFigures, viewOf } from './view.ts'

type Row = Readonly<Record<string, string | number | boolean | null>>
const asked: readonly string[] = ['intervals', 'paired', 'block-order']
const templates = await loadTemplates()
const bare = (text = '') => text.replaceAll(/[\u202f\u00a0]/g, ' ')
function figureOf(data: PlanData, chart: Figure['chart']): Figure {
  const found = allFigures(viewOf(data)).find((figure) => figure.chart === chart)
  if (found === undefined) throw new Error(`no chart ${chart}`)
  return found
}
const rowsOf = (figure: Figure, kind: string) => (figure.values['rows'] as Row[]).filter((row) => row['kind'] === kind)
const [decode, ttft, perplexity, memory] = usual as [Said, Said, Said, Said]

describe('the intervals', () => {
  test('have a panel for each metric that tells its verdict, the undeclared last and hollow', () => {
    const estimates = rowsOf(figureOf(abFixture(), 'intervals'), 'estimate').filter((row) => row['faint'] === false)
    expect(estimates.map((row) => [bare(String(row['panel'])), row['hollow']])).toEqual([
      ['decode, %: better, beyond the margin', false],
      ['TTFT, %: better, beyond the margin', false],
      ['perplexity, %: different, but by less than the margin', false],
      ['peak PSS, %: better, beyond the margin', true],
    ])
  })

  test('show margin and noise floor to both sides of no change, as ratios have them', () => {
    const figure = figureOf(abFixture({ said: [{ ...decode, margin: 0.05, floor: 0.03 }] }), 'intervals')
    const [margin] = rowsOf(figure, 'margin')
    expect([margin?.['from'], margin?.['to']].map((end) => Number(end).toFixed(3))).toEqual(['-4.762', '5.000'])
    expect(rowsOf(figure, 'floor').map((row) => Number(row['at']).toFixed(3))).toEqual(['-2.913', '3.000'])
  })

  test('stand on one axis where they are alike, and each on its own where one would be a dot on the other’s', () => {
    const alike = figureOf(abFixture({ said: [decode, { ...decode, metric: 'output_tps' }] }), 'intervals')
    expect([alike.values['resolve'], bare(JSON.stringify(alike.values['xTitle']))]).toEqual([
      'shared',
      '"change of q4_0 against f16, %"',
    ])
    const far = figureOf(abFixture({ said: [decode, perplexity] }), 'intervals')
    expect([far.values['resolve'], far.values['xTitle']]).toEqual(['independent', ''])
    expect(far.reading).toContain('each metric has an axis of its own')
  })

  test('leave out what has no verdict, though there were an estimate', () => {
    const few = { ...ttft, verdict: { row: 'too-few-blocks' as const, blocks: 5 } }
    expect(rowsOf(figureOf(abFixture({ said: [decode, few] }), 'intervals'), 'zero')).toHaveLength(1)
  })

  test('that were not blocked and are far wider end where their axis does, and that is said', () => {
    const data = abFixture({ said: [decode] })
    const estimate = data.verdicts?.comparisons[0]?.cells[0]?.metrics[0]?.estimate
    if (estimate === undefined) throw new Error('no estimate')
    const wild = { ...estimate, interval: { ...estimate.interval, low: 0.001, high: 900 } }
    const figure = figureOf(
      abFixture({ said: [{ ...decode, unblocked: { estimate: wild, row: 'inconclusive' } }] }),
      'intervals',
    )
    const [own, faint] = rowsOf(figure, 'interval')
    expect(Number(faint?.['high'])).toBeLessThan(2000)
    expect(Number(faint?.['high'])).toBeGreaterThan(Number(own?.['high']))
    expect(figure.reading).toContain('go on beyond it')
  })

  test('say of which metric there is how much in their title', () => {
    expect(bare(figureOf(abFixture(), 'intervals').title)).toBe(
      'q4_0 against f16: decode +96.0 %, TTFT −49.0 %, perplexity +0.74 %',
    )
  })
})

describe('the paired plot', () => {
  test('joins what both arms measured in a block, and counts', () => {
    const figure = figureOf(abFixture({ said: [decode] }), 'paired')
    expect(figure.title).toBe('decode is higher with q4_0 in 10 of 10 blocks')
    expect([rowsOf(figure, 'pair').length, rowsOf(figure, 'point').length]).toEqual([10, 20])
    expect(rowsOf(figure, 'pair').map((row) => row['at'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('has a block that does not count as a cross, with what its invalid launch measured hollow and unjoined', () => {
    const invalid = [{ reason: 'throttled' as const, detail: 'hot' }]
    const lossOf = { block: 3, arm: 'against', why: { status: 'invalid', reason: 'throttled' } } as const
    const whole = abFixture({ said: [{ ...decode, losses: [lossOf] }] })
    const data = withTrials(whole, ({ block }, { config }) => block === 3 && config.quantization === 'q4_0', {
      invalid,
    })
    const [pair] = data.verdicts?.comparisons ?? []
    const cells = (pair?.cells ?? []).map((cell) => ({
      ...cell,
      metrics: cell.metrics.map((each) => ({ ...each, blocks: each.blocks.filter(({ block }) => block !== 3) })),
    }))
    const comparisons = pair === undefined ? [] : [{ ...pair, cells }]
    const figure = figureOf({ ...data, verdicts: { planId: data.plan.id, comparisons, twins: [] } }, 'paired')
    expect(rowsOf(figure, 'lost').map((row) => [row['at'], row['tip']])).toEqual([
      [4, 'block 4: q4_0 invalid (throttled)'],
    ])
    expect(rowsOf(figure, 'point').flatMap((row) => (row['hollow'] === true ? [row['at']] : []))).toEqual([4])
    expect(rowsOf(figure, 'pair').map((row) => row['at'])).not.toContain(4)
  })

  test('says where the arms are equal in every block', () => {
    expect(figureOf(abFixture({ said: [memory], pairs: [['f16', 'f16']] }), 'paired').title).toBe(
      'peak PSS is the same in all 10 blocks',
    )
  })

  test('is none of a quality that rests on chunks of a text', () => {
    const charts = allFigures(viewOf(abFixture({ said: [perplexity] }))).map(({ chart }) => chart)
    expect(charts).toContain('intervals')
    expect(charts).not.toContain('paired')
    expect(charts).not.toContain('block-order')
  })
})

describe('the changes by block', () => {
  test('bear the mark of the arm that ran first; an outlier is hollow', () => {
    const figure = figureOf(abFixture({ said: [decode] }), 'block-order')
    const points = rowsOf(figure, 'point')
    expect(new Set(points.map((row) => row['series']))).toEqual(new Set(['f16', 'q4_0']))
    expect(points.flatMap((row) => (row['outlier'] === true ? [row['at']] : []))).toEqual([7])
    expect(figure.title).toMatch(/^decode: \+9\d\.\d\u202f% where f16 ran first, \+9\d\.\d\u202f% where q4_0 did$/)
  })

  test('have a line of no change only where it is near', () => {
    expect(rowsOf(figureOf(abFixture({ said: [decode] }), 'block-order'), 'zero')).toEqual([])
    const same = figureOf(abFixture({ said: [decode], pairs: [['f16', 'f16']] }), 'block-order')
    expect(rowsOf(same, 'zero')).toHaveLength(1)
  })
})

test('what the charts of a comparison look at is in their rows', () => {
  const figures = allFigures(viewOf(abFixture())).filter(({ chart }) => asked.includes(chart))
  const unknown = figures.flatMap(({ chart, values }) => {
    const known = new Set((values['rows'] as Row[]).flatMap((row) => Object.keys(row)))
    const fields = JSON.stringify(templates.charts[chart]).matchAll(/"test":"datum\.(\w+)/g)
    return [...fields].flatMap(([, field = '']) => (known.has(field) ? [] : [`${chart}: ${field}`]))
  })
  expect(figures.map(({ chart }) => chart)).toEqual(asked)
  expect([...new Set(unknown)]).toEqual([])
})
