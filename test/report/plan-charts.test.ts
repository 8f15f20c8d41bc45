import { expect, test } from 'vitest'
import { drawChart } from '../../lib/report/draw-chart.ts'
import { planCharts } from '../../lib/report/plan-charts.ts'
import { standaloneChart } from '../../lib/report/standalone-chart.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

test('every chart of the report stands by itself: complete, in colours, with its table', async () => {
  const charts = planCharts(fixture(), await loadTemplates())
  const { answerFigures, figures } = viewOf(fixture())
  expect(charts.map(({ id }) => id)).toEqual([...answerFigures, ...figures].map(({ id }) => id))
  expect(charts.length).toBeGreaterThan(2)
  for (const { spec, rows } of charts) {
    expect(JSON.stringify(spec)).not.toMatch(/"\$(?!schema)|var\(|currentColor/)
    const { title, axis, header, legend } = spec['config'] as Record<string, object>
    expect({ ...title, ...axis, ...header, ...legend }, 'no text in the colours of a dark theme').toMatchObject({
      color: '#1b1b1a',
      subtitleColor: '#1b1b1a',
      labelColor: '#1b1b1a',
      titleColor: '#1b1b1a',
    })
    expect(rows.length).toBeGreaterThan(1)
    expect((await drawChart(spec)).svg).toMatch(/^<svg[^>]*>/)
  }
})

test("colours are those of the style sheet's light paper; what it does not name stays", () => {
  const style = ':root { --arm-1: #0072b2; --ink: #111111; --paper: #fdfdfb }\n@media x { :root { --arm-1: #ffffff } }'
  const spec = {
    a: ['var(--arm-1)', 'var(--arm-9)', 'say var(--arm-1)'],
    config: { background: 'transparent', x: 'currentColor' },
  }
  expect(standaloneChart(spec, style)).toEqual({
    a: ['#0072b2', 'var(--arm-9)', 'say var(--arm-1)'],
    config: { background: 'transparent', x: '#111111' },
    background: '#fdfdfb',
  })
})
