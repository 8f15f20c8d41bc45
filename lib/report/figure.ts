import type { JsonValue } from '../domain/json.ts'
import type { Metric } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import type { ChartName } from './chart.ts'
import type { ShownArm } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import type { Words } from './words.ts'

/** A cell of a figure's table twin; `href` leads to the samples behind it. */
export type TwinCell = { text: string; href: string; numeric: boolean }

/** Text, aligned to the left. */
export function textCell(text: string): TwinCell {
  return { text, href: '', numeric: false }
}

/** A number that is written already, aligned to the right. */
export function numberCell(text: string, href = ''): TwinCell {
  return { text, href, numeric: true }
}

/** The parts of a caption, in one line below its title and in a fold. */
export function captionOf(short: readonly string[], reading: readonly string[]): Pick<Figure, 'subtitle' | 'reading'> {
  return { subtitle: short.join('; '), ...(reading.length > 0 && { reading: `${reading.join('; ')}.` }) }
}

/** A trial by its number and its block (from 1), with a link to it. */
export function trialCell(words: Words, { id, block }: TrialRow): TwinCell {
  return numberCell(words('twin.trial-of', { trial: id, block: block + 1 }), `#trial-${id}`)
}

/** A figure before it is drawn. */
export type Figure = {
  id: string
  /** What it is about, to find the one that belongs to the answer. */
  metric: Metric
  group: string
  /** What is seen. */
  title: string
  /** Unit, n and what is drawn, as short as it can be. */
  subtitle: string
  /** What else the marks are: stands in a fold. */
  reading?: string
  wide: boolean
  /** Asked for by few: stands in a fold below the others. */
  folded?: true
  chart: ChartName
  /** What the chart's template asks for. */
  values: Readonly<Record<string, JsonValue>>
  /** The same figures as a table. */
  twin: { head: readonly TwinCell[]; rows: readonly (readonly TwinCell[])[] }
}

// Beside colour, as shapes are for marks.
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 4],
  [4, 2, 1, 2],
]

/** The values of the compared axis that `arms` have, with their colours and shapes, as scales of a chart. */
export function scalesOf(evidence: Evidence, arms: readonly ShownArm[]): Record<string, JsonValue> {
  const values = valuesOf(evidence, arms)
  const marks = values.map((value) => arms.find((arm) => arm.value === value)?.mark)
  return {
    values,
    colours: marks.map((mark) => mark?.colour ?? 'currentColor'),
    shapes: marks.map((mark) => mark?.shape ?? 'circle'),
    dashes: marks.map((mark) => [...(dashes[(mark?.index ?? 0) % dashes.length] ?? [])]),
  }
}

function valuesOf(evidence: Evidence, arms: readonly ShownArm[]): string[] {
  return evidence.comparison.values.filter((value) => arms.some((arm) => arm.value === value))
}
