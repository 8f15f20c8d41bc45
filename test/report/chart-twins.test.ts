import { describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { fillChart } from '../../lib/report/chart.ts'
import { drawChart } from '../../lib/report/draw-chart.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { chartFixtures } from './charts-fixture.ts'
import { extremes } from './extremes-fixture.ts'
import { allFigures, viewOf } from './view.ts'

type Row = Readonly<Record<string, string | number | boolean | null>>
const template = await loadTemplates()
const all: [string, () => PlanData][] = Object.entries({ ...chartFixtures, ...extremes })
const figuresOf = (data: PlanData) => allFigures(viewOf(data))

// Dots are single launches and requests, of which tables of cells have the number; the page links each cell to them. What else
// is drawn is a figure that someone may want to read off.
const dots = new Set(['raw', 'point', 'failed', 'line', 'band', 'flag', 'slow', 'block', 'client', 'calibration'])
const drawn = ['value', 'low', 'high', 'speed', 'cost'] as const

/** The numbers of a table's text, each with the half of its last digit; percent also as such, as axes of changes have them. */
function numbersIn(texts: readonly string[]): { value: number; half: number }[] {
  return texts.flatMap((text) =>
    [
      ...text
        .replaceAll(/(?<=\d)\u202f(?=\d)/g, '')
        .replaceAll('\u2212', '-')
        .matchAll(/-?\d+(?:\.(\d+))?(\u202f%)?/g),
    ].flatMap(([found, decimals = '', percent]) =>
      (percent === undefined ? [1] : [1, 100]).map((by) => ({
        value: Number.parseFloat(found) / by,
        half: 10 ** -decimals.length / 2 / by,
      })),
    ),
  )
}

/** What is drawn of `figure` and does not stand in its table, to the digits shown there. */
function missingIn({ values, twin }: Figure): string[] {
  const rows = (values['rows'] as Row[]).filter((row) => !dots.has(String(row['kind'])))
  return rows.flatMap((row) => {
    const [name] = String(row['tip'] ?? '').split('\n')
    const own = twin.rows.filter((cells) => cells.some(({ text }) => text === name))
    const known = numbersIn((own.length > 0 ? own : twin.rows).flat().map(({ text }) => text))
    const ends = [values['least'], values['most']]
    return drawn.flatMap((field) => {
      const value = row[field]
      if (typeof value !== 'number' || ((field === 'low' || field === 'high') && ends.includes(value))) return []
      const isThere = known.some((one) => Math.abs(one.value - value) <= one.half * 1.001 + 1e-9)
      return isThere ? [] : [`${String(row['kind'])} ${String(row['panel'] ?? '')} ${name}: ${field} ${value}`]
    })
  })
}

describe.each(all)('the charts of %s', (_, data) => {
  test('have every mean, interval, percentile and bar in their tables', () => {
    for (const figure of figuresOf(data())) expect(missingIn(figure), figure.id).toEqual([])
  })

  test('are drawn, and told, without a number that is none', async () => {
    for (const figure of figuresOf(data())) {
      const { svg } = await drawChart(
        fillChart(template.charts[figure.chart], { ...figure.values, config: template.chartConfig }),
      )
      expect(/NaN|Infinity|undefined|\[object/.exec(svg)?.[0], figure.id).toBe(undefined)
      const texts = [
        figure.title,
        figure.subtitle,
        figure.reading ?? '-',
        ...figure.twin.rows.flat().map(({ text }) => text),
      ]
      expect(
        texts.filter((text) => /NaN|Infinity|undefined|[{}]/.test(text)),
        figure.id,
      ).toEqual([])
    }
  })
})
