import type { JsonValue } from '../domain/json.ts'
import { axisOf, shareOf, ticksOf, type ValueAxis } from './axis.ts'
import { markOf } from './marks.ts'
import { placeLabels } from './place-labels.ts'
import type { Words } from './words.ts'

export type Point = { x: number; y: number; label: string; series: string; hollow: boolean; tip: string }
export type PointsDrawn = {
  points: readonly Point[]
  xTitle: string
  yTitle: string
  /** Of a line through zero. */
  slope?: number
  /** What a line goes through, by x. */
  frontier?: readonly { x: number; y: number }[]
  /** How that line goes from point to point: as steps without it. */
  straight?: boolean
  /** Above the series, where colours and shapes mean something. */
  legend?: string
  /** In place of one from zero. */
  yAxis?: ValueAxis
}

const [width, height] = [520, 380]
const lineSteps = 24

/** What `reports/charts/published-points.vl.json` asks for, with labels placed; `log` where an axis is logarithmic. */
export function placedPoints(
  words: Words,
  { points, xTitle, yTitle, slope, frontier = [], straight = false, legend, yAxis }: PointsDrawn,
): { values: Record<string, JsonValue>; reading: string[]; log: boolean } {
  const [x, y] = [axisOf(points.map((point) => point.x)), yAxis ?? axisOf(points.map((point) => point.y))]
  const place = (at: { x: number; y: number }) => ({
    x: width * shareOf(x, at.x),
    y: height * (1 - shareOf(y, at.y)),
  })
  const path = frontier.toSorted((a, b) => a.x - b.x)
  const line = slope === undefined ? [] : lineOf(x, y, slope)
  const labels = placeLabels(
    points.map((point) => ({ ...place(point), text: point.label })),
    { width, height },
    [...along(line.map(place)), ...along((straight ? path : stepped(path)).map(place))],
  )
  const hidden = points.filter((_, index) => labels[index]?.shown === false).map(({ label }) => label)
  return {
    log: x.scale === 'log' || y.scale === 'log',
    reading: hidden.length === 0 ? [] : [words('published.unlabelled', { rows: hidden.join(', ') })],
    values: {
      rows: points.map((point, index) => ({ ...point, ...labels[index] })),
      line: line.map((each, order) => ({ ...each, order })),
      frontier: path.map((each, order) => ({ ...each, order })),
      interpolate: straight ? 'linear' : 'step-after',
      ...seriesValues(points, legend),
      width,
      height,
      xTitle,
      yTitle,
      ...axisValues('x', x),
      ...axisValues('y', y),
    },
  }
}

/** A colour and a shape each, in the order of the points where a legend says what they mean. */
function seriesValues(points: readonly Point[], legend: string | undefined): Record<string, JsonValue> {
  const named = [...new Set(points.map((point) => point.series))]
  const series = legend === undefined ? named.toSorted() : named
  return {
    series,
    colours: series.map((_, index) => markOf(index).colour),
    shapes: series.map((_, index) => markOf(index).shape),
    legend:
      legend === undefined ? null : { title: legend, orient: 'top', direction: 'horizontal', symbolStrokeWidth: 1.5 },
  }
}

function axisValues(name: string, axis: ValueAxis): Record<string, JsonValue> {
  return {
    [`${name}Scale`]: axis.scale,
    [`${name}Zero`]: axis.zero,
    [`${name}Least`]: axis.least,
    [`${name}Most`]: axis.most,
    [`${name}Values`]: ticksOf(axis),
  }
}

/** Points of `y = slope * x` within both axes: many, as it is bent where one axis is logarithmic. */
function lineOf(x: ValueAxis, y: ValueAxis, slope: number): { x: number; y: number }[] {
  const [from, to] = [Math.max(x.least, y.least / slope), Math.min(x.most, y.most / slope)]
  return Array.from({ length: lineSteps + 1 }, (_, step) => {
    const at = from + ((to - from) * step) / lineSteps
    return { x: at, y: slope * at }
  })
}

/** With a corner between two points, where a line of steps has one. */
function stepped(path: readonly { x: number; y: number }[]): { x: number; y: number }[] {
  return path.flatMap((point, index) => [
    ...(index === 0 ? [] : [{ x: point.x, y: path[index - 1]?.y ?? point.y }]),
    point,
  ])
}

/** Points on the way between points, near enough to each other to keep labels off. */
function along(line: readonly { x: number; y: number }[]): { x: number; y: number }[] {
  return line.slice(1).flatMap((to, index) => {
    const from = line[index] ?? to
    return Array.from({ length: lineSteps }, (_, step) => (step + 1) / lineSteps).map((share) => ({
      x: from.x + (to.x - from.x) * share,
      y: from.y + (to.y - from.y) * share,
    }))
  })
}
