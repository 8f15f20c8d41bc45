import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../lib/domain/json.ts'
import { chartNames, fillChart, type ChartName } from '../../lib/report/chart.ts'
import { drawChart } from '../../lib/report/draw-chart.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { chartFixtures } from './charts-fixture.ts'
import { allFigures, viewOf } from './view.ts'

const template = await loadTemplates()
const all = Object.values(chartFixtures).flatMap((data) => allFigures(viewOf(data())))
const firstOf = (name: ChartName) => all.find(({ chart }) => chart === name) as Figure
const filled = ({ chart, values }: Figure, config: JsonObject = {}) =>
  fillChart(template.charts[chart], { ...values, config })

/** JSON of a chart, a line for each row of its data: a change of a figure is a change of few lines. */
function golden({ title, subtitle, reading, twin, ...figure }: Figure): string {
  const table = [twin.head, ...twin.rows].map((row) => row.map(({ text }) => text).join(' | '))
  const told = { title, subtitle, reading: reading ?? '', table }
  const rows: string[] = []
  const withoutRows = (part: JsonValue): JsonValue => {
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part)) {
      const isRows = part.length > 0 && part.every((row) => typeof row === 'object' && row !== null && 'arm' in row)
      return isRows ? part.map((row) => `row ${rows.push(JSON.stringify(row)) - 1}`) : part.map(withoutRows)
    }
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, withoutRows(item)]))
  }
  const text = JSON.stringify({ usermeta: told, ...(withoutRows(filled(figure as Figure)) as JsonObject) }, null, 1)
  return `${text.replaceAll(/"row (\d+)"/g, (_, at: string) => rows[Number(at)] ?? '')}\n`
}

describe.each(chartNames)('the chart %s', (name) => {
  test('is this Vega-Lite for these data', async () => {
    await expect(golden(firstOf(name))).toMatchFileSnapshot(`__snapshots__/charts/${name}.vl.json`)
  })

  test('is drawn without a number that is none, and tells what it shows in words and in a table', async () => {
    for (const figure of all.filter(({ chart }) => chart === name)) {
      const { svg } = await drawChart(filled(figure, template.chartConfig))
      expect(/NaN|Infinity|undefined|\[object/.exec(svg), figure.id).toBe(null)
      for (const text of [figure.title, figure.subtitle])
        expect(text, figure.id).not.toMatch(/^$|NaN|Infinity|undefined|[{}]/)
      expect(figure.twin.rows.length, figure.id).toBeGreaterThan(0)
      for (const row of figure.twin.rows) expect(row, figure.id).toHaveLength(figure.twin.head.length)
    }
  })
})
