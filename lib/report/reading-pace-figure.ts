import { readingPace } from '../domain/reading-pace.ts'
import { axisNotes, axisOf, logNotes, rowsWithin, shareOf, ticksOf, type ValueAxis } from './axis.ts'
import { besideRules } from './beside-rules.ts'
import { panelOf, twinCells } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { countRange } from './count-range.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure } from './figure.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'
import { inWholePanels } from './shown-panels.ts'
import { inShownUnit, shownRate, shownUnit, shownValue } from './numbers.ts'

const metric = 'decode_tps'
const { comfortable, tooFast } = readingPace
// Where every answer is far too fast to read along, nobody asks whether it is fast enough.
const mostTold = 2 * tooFast
const mostCells = 24
// Sides are chosen for the narrowest, as what is clear of each other there is so wherever there is more room.
const leastWidth = 200

type Paced = { cell: ShownCell; value: CellValue }
type Pace = 'below' | 'within' | 'above' | 'unclear'

/** Whether a reader can follow the answers of each cell, where any of them is slow enough to ask: one figure for each group. */
export function readingPaceFigures(evidence: Evidence): Figure[] {
  const cells = evidence.comparison.cells.filter(({ kind }) => kind === 'chat' || kind === 'completion')
  const paced = cells.flatMap((cell): Paced[] => {
    const value = evidence.valueOf(cell, metric)
    return value === undefined ? [] : [{ cell, value }]
  })
  return [...Map.groupBy(paced, ({ cell }) => cell.arm.group).values()]
    .filter((ofGroup) => soundOf(ofGroup).some(({ value }) => value.value <= mostTold))
    .map((ofGroup, index) => figureOf(evidence, ofGroup, index))
}

/** Those with valid trials, where there are any. */
function soundOf(paced: readonly Paced[]): readonly Paced[] {
  return paced.some(({ value }) => value.valid) ? paced.filter(({ value }) => value.valid) : paced
}

function figureOf(evidence: Evidence, all: readonly Paced[], index: number): Figure {
  const paced = inWholePanels(evidence, all, mostCells)
  const ends = paced.map(({ value }) => value.interval?.high ?? 0)
  const axis = axisOf([...paced.map(({ value }) => value.value), comfortable, tooFast], Math.max(...ends))
  const rows = paced.map((each) => rowOf(evidence, axis, each))
  const unit = namedWithUnit(evidence, metric)
  return {
    id: `reading-pace-${index + 1}`,
    metric,
    group: paced[0]?.cell.arm.group ?? '',
    title: titleOf(evidence, all),
    ...captionWith(evidence, { paced, rows, axis, left: all.length - paced.length }),
    wide: true,
    chart: 'reading-pace',
    values: {
      rows: [...bandsOf(evidence, paced), ...rowsWithin(rows, axis)],
      ...scalesOf(
        evidence,
        paced.map(({ cell }) => cell.arm),
      ),
      ...axis,
      ticks: ticksOf(axis),
      leastWidth,
      xTitle: unit,
    },
    twin: twinOf(evidence, paced, unit),
  }
}

/** In each panel the band, and its ends with what they mean over the first one. */
function bandsOf(evidence: Evidence, paced: readonly Paced[]): ChartRow[] {
  const panels = Map.groupBy(paced, ({ cell }) => panelOf(evidence, cell))
  return [...panels].flatMap(([panel, [first]], at): ChartRow[] => {
    // A label of its own would take a row.
    const base = { panel, order: first?.cell.index ?? 0, label: first?.cell.arm.value ?? '' }
    const threshold = (from: number, side: { align: string; dx: number }) => ({
      ...base,
      kind: 'threshold',
      from,
      text: at === 0 ? shownRate(from) : '',
      ...side,
    })
    return [
      { ...base, kind: 'band', from: comfortable, to: tooFast },
      threshold(comfortable, { align: 'right', dx: -4 }),
      threshold(tooFast, { align: 'left', dx: 4 }),
    ]
  })
}

function rowOf(evidence: Evidence, axis: ValueAxis, { cell, value }: Paced): ChartRow {
  const { text, half } = shownValue(metric, value.value, value.interval)
  const { low = value.value, high = value.value } = value.interval ?? {}
  const pixels = (at: number) => leastWidth * Math.min(1, Math.max(0, shareOf(axis, at)))
  const side = besideRules(pixels(high), text, [comfortable, tooFast].map(pixels), pixels(low))
  const unit = shownUnit(metric)
  return {
    arm: cell.arm.index,
    label: cell.arm.value,
    panel: panelOf(evidence, cell),
    order: cell.index,
    kind: 'estimate',
    value: inShownUnit(metric, value.value),
    low: value.interval?.low ?? null,
    high: value.interval?.high ?? null,
    end: side.align === 'left' ? high : low,
    text,
    ...side,
    invalid: !value.valid,
    tip: `${cell.name}\n${labelOf(evidence, metric)} ${text} ${half} ${unit} (n = ${value.n})\n${paceText(evidence, value)}`.replaceAll(
      / +/g,
      ' ',
    ),
  }
}

/** Unclear where an interval reaches across an end of the band. */
function paceOf({ value, interval }: CellValue): Pace {
  const { low = value, high = value } = interval ?? {}
  if ([comfortable, tooFast].some((end) => low < end && high >= end)) return 'unclear'
  return value < comfortable ? 'below' : value < tooFast ? 'within' : 'above'
}

function paceText({ words }: Pick<Evidence, 'words'>, value: CellValue): string {
  return words(paceOf(value) === 'unclear' ? 'pace.unclear' : `published.band-${paceOf(value)}`)
}

/** How many are surely fast enough, and how many surely not. */
function titleOf({ words }: Evidence, all: readonly Paced[]): string {
  const sound = soundOf(all)
  const paces = sound.map(({ value }) => paceOf(value))
  const slow = paces.filter((pace) => pace === 'below').length
  const enough = sound.filter(({ value }) => (value.interval?.low ?? value.value) >= comfortable).length
  const group = all[0]?.cell.arm.group ?? ''
  const on = group === '' ? '' : words('chart.on', { group })
  return words('pace.title', { on, enough, slow, n: sound.length, comfortable: shownRate(comfortable) })
}

type Captioned = { paced: readonly Paced[]; rows: readonly ChartRow[]; axis: ValueAxis; left: number }
function captionWith({ words }: Evidence, { paced, rows, axis, left }: Captioned) {
  const counts = paced.map(({ value }) => value.n)
  const several = paced.some(({ value }) => value.interval !== undefined)
  return captionOf(
    [
      words('pace.what', { comfortable: shownRate(comfortable), tooFast: shownRate(tooFast) }),
      several ? words('pace.interval', { n: countRange(words, counts) }) : words('chart.by-number-once'),
      ...(paced.some(({ value }) => !value.valid) ? [words('chart.hollow')] : []),
      ...logNotes(words, axis.scale === 'log').short,
      ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
    ],
    [words('pace.source'), words('pace.tokens'), ...axisNotes(words, axis, rows)],
  )
}

function twinOf(evidence: Evidence, paced: readonly Paced[], unit: string): Figure['twin'] {
  const { words } = evidence
  return {
    head: [
      textCell(words('twin.cell')),
      numberCell(unit),
      ...['twin.low', 'twin.high', 'twin.launches'].map((key) => numberCell(words(key))),
      textCell(words('published.band-place')),
    ],
    rows: paced.map(({ cell, value }) => [...twinCells(cell, metric, value), textCell(paceText(evidence, value))]),
  }
}
