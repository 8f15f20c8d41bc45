import { expect, test } from 'vitest'
import { drawChart } from '../../lib/report/draw-chart.ts'

const clipped = (label: string) => ({
  data: { values: [{ label, value: 1 }] },
  layer: [1, 2].map((width) => ({
    width: 100 * width,
    mark: { type: 'bar', clip: true },
    encoding: { x: { field: 'value', type: 'quantitative' }, y: { field: 'label' } },
  })),
})

test('a chart is the same bytes whatever was drawn before it, and shares no id with another', async () => {
  const [first, second] = [await drawChart(clipped('a')), await drawChart(clipped('b'))]
  const [again, other] = await Promise.all([drawChart(clipped('a')), drawChart(clipped('b'))])
  expect([again?.svg, other?.svg]).toEqual([first.svg, second.svg])
  const ids = [first, second].flatMap(({ svg }) => [...svg.matchAll(/ id="(.*?)"/g)].map(([, id]) => id))
  expect(ids.length).toBeGreaterThan(1)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(first.svg + second.svg).toContain(`url(#${id})`)
})
