import { expect, test } from 'vitest'
import type { JsonObject } from '../../lib/domain/json.ts'
import { drawChart } from '../../lib/report/draw-chart.ts'
import { fillChart } from '../../lib/report/chart.ts'
import { packChart } from '../../lib/report/pack-chart.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { viewOf } from './view.ts'
import { fixture } from './fixture.ts'

test('data that two specifications share is kept once', () => {
  const rows = [{ a: 1 }, { a: 2 }]
  expect(packChart({ vega: { data: [{ name: 'source_0', values: rows }] }, lite: { data: { values: rows } } })).toEqual(
    {
      tables: [rows],
      vega: { data: [{ name: 'source_0', values: { $table: 0 } }] },
      lite: { data: { values: { $table: 0 } } },
    },
  )
})

test('values that are no table, as those of an axis, stay where they are', () => {
  const spec = { axis: { values: [1, 2] }, data: { values: [] } }
  expect(packChart({ vega: spec, lite: spec })).toEqual({ tables: [], vega: spec, lite: spec })
})

test('every figure of a report carries its rows once, whatever Vega-Lite makes of them', async () => {
  const { charts, chartConfig } = await loadTemplates()
  const { figures, answerFigures } = viewOf(fixture())
  for (const figure of [...answerFigures, ...figures]) {
    const { json } = await drawChart(fillChart(charts[figure.chart], { ...figure.values, config: chartConfig }))
    const { tables, lite } = JSON.parse(json) as { tables: JsonObject[][]; lite: JsonObject }
    // As text: Vega marks the rows that it has seen.
    expect(JSON.stringify(tables), figure.id).toBe(JSON.stringify([figure.values['rows']]))
    expect(lite['$schema']).toBe('https://vega.github.io/schema/vega-lite/v6.json')
  }
})
