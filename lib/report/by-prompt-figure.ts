import type { Metric } from '../domain/metric.ts'
import { shortNames, type ArmBlock } from './arm-blocks.ts'
import { axisNotes, rowsWithin, type ValueAxis } from './axis.ts'
import { lengthsDiffer, promptBlocksOf, promptGap, secondsOf, speedOf, type Prompt } from './by-prompt.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { countRange } from './count-range.ts'
import { type CellValue, type Evidence, meanOfTrials } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { missing, shownValue, significant } from './numbers.ts'
import type { PromptSeen } from './prompt-means.ts'

type What = {
  name: 'time' | 'speed'
  metric: Metric
  unit: string
  better: 'higher' | 'lower'
  pick: (seen: PromptSeen) => number | undefined
}
const shown: readonly What[] = [
  { name: 'time', metric: 'e2e_ms', unit: 's', better: 'lower', pick: secondsOf },
  { name: 'speed', metric: 'request_tps', unit: 'tokens/s', better: 'higher', pick: speedOf },
]
// More workloads than this have their tables only; of several, or of more arms, pictures are folded.
const mostBlocks = 2
const mostOpen = { blocks: 1, arms: 6 } as const

type Shown = { what: What; block: ArmBlock; prompts: readonly Prompt[]; index: number }
type Bar = { cell: ShownCell; name: string; prompt: Prompt; order: number; value: CellValue | undefined }

/** What each prompt took under each arm, as bars side by side: the tables of “By prompt” as pictures. */
export function byPromptFigures(evidence: Evidence): Figure[] {
  const blocks = promptBlocksOf(evidence)
  const isFolded = blocks.length > mostOpen.blocks || blocks.some(({ block }) => block.cells.length > mostOpen.arms)
  return blocks
    .slice(0, mostBlocks)
    .flatMap((found, index) => shown.map((what) => ({ ...found, what, index })))
    .flatMap((each) => {
      const bars = barsOf(evidence, each)
      return bars.some(({ value }) => value !== undefined) ? [figureOf(evidence, each, bars)] : []
    })
    .map((figure) => (isFolded ? { ...figure, folded: true } : figure))
}

function barsOf(evidence: Evidence, { what, block, prompts }: Shown): Bar[] {
  const nameOf = shortNames(block.cells)
  return prompts.flatMap((prompt, order) =>
    block.cells.map((cell) => {
      const value = meanOfTrials(evidence.trialsOf(cell.cell.id), 'geometric', ({ id }) => {
        const seen = evidence.seenOf(id).prompts.get(prompt.id)
        return seen && what.pick(seen)
      })
      return { cell, name: nameOf(cell.arm.name), prompt, order, value }
    }),
  )
}

function figureOf(evidence: Evidence, of: Shown, bars: readonly Bar[]): Figure {
  const { what, block, index } = of
  const rows = bars.flatMap((bar) => rowsOf(evidence, what, bar))
  const axis = axisFor(rows)
  return {
    id: `by-prompt-${what.name}-${index + 1}`,
    metric: what.metric,
    group: block.cells[0]?.arm.group ?? '',
    title: titleOf(evidence, of, bars),
    ...captionWith(evidence, of, { bars, rows, axis }),
    wide: false,
    chart: 'by-prompt',
    values: {
      rows: rowsWithin(rows, axis),
      ...scalesOf(
        evidence,
        block.cells.map(({ arm }) => arm),
      ),
      least: 0,
      most: axis.most,
      unitTitle: what.unit,
    },
    twin: twinOf(evidence, what, bars),
  }
}

/** Bars start at zero, whatever the range; an interval far longer than its bar does not make the others small. */
function axisFor(rows: readonly ChartRow[]): ValueAxis {
  const largest = Math.max(0, ...rows.map((row) => Number(row['value'] ?? 0)))
  const end = Math.min(1.5 * largest, Math.max(largest, ...rows.map((row) => Number(row['high'] ?? 0))))
  return { scale: 'linear', zero: true, least: 0, most: 1.15 * (end || 1) }
}

function rowsOf(evidence: Evidence, { metric, unit }: What, { cell, name, prompt, order, value }: Bar): ChartRow[] {
  const base = { arm: cell.arm.index, label: cell.arm.value, name, panel: prompt.name, order, place: cell.index }
  if (value === undefined) return [{ ...base, kind: 'missing', text: promptGap(evidence, cell, prompt.id) }]
  const { text, half } = shownValue(metric, value.value, value.interval)
  const ends = value.points.map((point) => point.value)
  const raw = value.points.map(({ trial, value: one, valid }): ChartRow => {
    const launch = evidence.words('point.launch', { launch: trial.launchId, block: trial.block + 1 })
    const tip = `${cell.name}\n${prompt.name}: ${shownValue(metric, one).text} ${unit}\n${launch}`
    return { ...base, kind: 'raw', value: one, invalid: !valid, tip }
  })
  const { low, high } = value.interval ?? {}
  const interval =
    low === undefined || high === undefined ? [] : [{ ...base, kind: 'interval', low: Math.max(0, low), high }]
  return [
    {
      ...base,
      kind: 'estimate',
      value: value.value,
      // Its label stands right of all that is drawn of it.
      end: Math.max(value.value, high ?? 0, ...ends),
      text,
      invalid: !value.valid,
      tip: `${cell.name}\n${prompt.name}: ${text} ${half} ${unit}`.replaceAll(/ +/g, ' '),
    },
    ...interval,
    // The only launch is the end of its bar.
    ...(raw.length > 1 ? raw : []),
  ]
}

/** Of valid trials, where there are any: the arm that is best at every prompt, against the worst. */
function titleOf({ words }: Evidence, { what, block }: Shown, bars: readonly Bar[]): string {
  const measured = bars.flatMap(({ value, ...bar }) => (value === undefined ? [] : [{ ...bar, value }]))
  const sound = measured.some(({ value }) => value.valid) ? measured.filter(({ value }) => value.valid) : measured
  const sign = what.better === 'lower' ? 1 : -1
  const ranked = [...Map.groupBy(sound, ({ order }) => order).values()].map((ofPrompt) =>
    ofPrompt.toSorted((a, b) => sign * (a.value.value - b.value.value)),
  )
  const best = new Set(ranked.map(([first]) => first?.name))
  const group = block.cells[0]?.arm.group ?? ''
  const on = group === '' ? '' : words('chart.on', { group })
  const [first, last] = [ranked[0]?.[0], ranked[0]?.at(-1)]
  if (best.size !== 1 || first === undefined || last === undefined || first === last)
    return words(`chart.by-prompt.${what.name}-depends`, { on })
  const ratios = ranked.flatMap((ofPrompt) => {
    const other = ofPrompt.find(({ name }) => name === last.name)
    const [fewest, most] = [ofPrompt[0]?.value.value, other?.value.value]
    return fewest === undefined || most === undefined || most <= 0 ? [] : [fewest / most]
  })
  if (ratios.length === 0) return words(`chart.by-prompt.${what.name}-depends`, { on })
  const [low, high] = [significant(Math.min(...ratios)), significant(Math.max(...ratios))]
  const ratio = low === high ? low : words('range', { low, high })
  return words(`chart.by-prompt.${what.name}-best`, { best: first.name, on, worst: last.name, ratio })
}

type Drawn = { bars: readonly Bar[]; rows: readonly ChartRow[]; axis: ValueAxis }
function captionWith(evidence: Evidence, { what, block, prompts }: Shown, { bars, rows, axis }: Drawn) {
  const { words } = evidence
  const counts = bars.map(({ value }) => value?.points.length ?? 0)
  const several = counts.some((count) => count > 1)
  const differ = what.name === 'time' && lengthsDiffer(evidence, block.cells, prompts)
  return captionOf(
    [
      words(`chart.by-prompt.${what.name}`),
      several ? words('chart.by-prompt.bars', { n: countRange(words, counts) }) : words('chart.by-prompt.bars-once'),
      ...(rows.some((row) => row['invalid'] === true) ? [words('chart.hollow')] : []),
    ],
    [
      words(`chart.by-prompt-reading.${what.name}`),
      ...(differ ? [words('chart.by-prompt-lengths')] : []),
      ...axisNotes(words, axis, rows),
    ],
  )
}

function twinOf({ words }: Evidence, { metric, unit }: What, bars: readonly Bar[]): Figure['twin'] {
  const heads = [unit, words('twin.low'), words('twin.high'), words('twin.launches')]
  return {
    head: [textCell(words('twin.prompt')), textCell(words('twin.cell')), ...heads.map((text) => numberCell(text))],
    rows: bars.map(({ cell, name, prompt, value }): TwinCell[] => {
      const text = (one: number | undefined) =>
        one === undefined ? missing : shownValue(metric, one, value?.interval).text
      return [
        textCell(prompt.name),
        textCell(name),
        numberCell(text(value?.value), value === undefined ? '' : `#cell-${cell.index + 1}`),
        numberCell(text(value?.interval?.low)),
        numberCell(text(value?.interval?.high)),
        numberCell(String(value?.n ?? 0)),
      ]
    }),
  }
}
