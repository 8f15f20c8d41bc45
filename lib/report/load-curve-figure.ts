import { metrics } from '../domain/metric.ts'
import { axisOf, logNotes, ticksOf, type ValueAxis } from './axis.ts'
import type { ChartRow } from './chart.ts'
import type { Distributed } from './distribution.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { latencyOf, type Latency } from './latencies.ts'
import { kneeOf, type Knee } from './load-knee.ts'
import { levelText, waitOf } from './load-level.ts'
import { loadSweepsOf, type LoadLine, type LoadPoint, type LoadSweep } from './load-sweep.ts'
import { hollowNote, kneeNotes, lineNote, onText, shownFew, tailNote } from './load-words.ts'
import { missing, shownRate, significant } from './numbers.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'

type Shown = { sweep: LoadSweep; metric: Distributed; index: number }
type Placed = LoadPoint & { line: LoadLine; latency: Latency; output: CellValue; knee: Knee | undefined }

/** What throughput costs: each latency against output tokens per second, a line per arm through the levels of its load. */
export function loadCurveFigures(evidence: Evidence): Figure[] {
  return loadSweepsOf(evidence).flatMap((sweep, index) => {
    const [first] = sweep.lines
    const wait = first?.points[0] && waitOf(first.points[0].cell)
    return wait === undefined
      ? []
      : [wait, 'tpot_ms' as const].flatMap((metric) => figureOf(evidence, { sweep, metric, index }))
  })
}

function placedOn(evidence: Evidence, { sweep, metric }: Shown): Placed[] {
  return sweep.lines.flatMap((line) => {
    const knee = kneeOf(evidence, line)
    return line.points.flatMap((point): Placed[] => {
      const latency = latencyOf(evidence, point.cell, metric)
      const output = evidence.valueOf(point.cell, 'output_tps')
      return latency === undefined || output === undefined ? [] : [{ ...point, line, latency, output, knee }]
    })
  })
}

function figureOf(evidence: Evidence, shown: Shown): Figure[] {
  const { sweep, metric, index } = shown
  const placed = placedOn(evidence, shown)
  if (placed.length < 2) return []
  const rows = placed.map((each) => rowOf(evidence, shown, each))
  const tails = placed.map(({ latency }) => latency.tail?.value ?? latency.median)
  const y = axisOf([...placed.map(({ latency }) => latency.median), ...tails])
  const x = axisOf(placed.map(({ output }) => output.value))
  const arms = sweep.lines.map(({ arm }) => arm)
  return [
    {
      id: `load-curve-${metric}-${index + 1}`,
      metric: metric === 'tpot_ms' ? 'tpot_ms' : 'output_tps',
      group: sweep.group,
      title: titleOf(evidence, shown, placed),
      ...captionWith(evidence, shown, placed, y.scale === 'log' || x.scale === 'log'),
      wide: false,
      chart: 'load-curve',
      values: {
        rows: labelled(rows, x, y),
        ...scalesOf(evidence, arms),
        ...y,
        yValues: ticksOf(y),
        xScale: x.scale,
        xZero: x.zero,
        xLeast: x.least,
        xMost: x.most,
        unitTitle: namedWithUnit(evidence, metric),
        xTitle: evidence.words('load.output-axis'),
      },
      twin: twinOf(evidence, shown, placed),
    },
  ]
}

function rowOf(evidence: Evidence, { sweep, metric }: Shown, each: Placed): ChartRow {
  const { cell, level, latency, output, knee } = each
  const { words } = evidence
  const label = labelOf(evidence, metric)
  const { unit } = metrics[metric]
  const isKnee = knee?.point.cell === cell
  const tail = latency.tail === undefined ? '' : `, ${latency.tail.name} ${shownFew(latency.tail.value)}`
  return {
    arm: cell.arm.index,
    label: cell.arm.value,
    level,
    value: latency.median,
    high: latency.tail?.value ?? latency.median,
    at: output.value,
    text: isKnee ? words('load.knee-mark', { level: shownRate(level) }) : shownRate(level),
    knee: isKnee,
    invalid: !latency.valid,
    tip: `${cell.name}\n${levelText(words, { unit: sweep.unit, value: level })}: ${significant(output.value)} tokens/s\n${label} ${words('twin.median')} ${shownFew(latency.median)}${tail} ${unit} (n = ${latency.n})`,
  }
}

// In shares of the axes: labels of marks that are nearer to each other, or below those at the end, would not be read.
const readable = { x: 0.07, y: 0.07, bottom: 0.12 } as const

/** Marks of one line that stand together share a label; of several arms the slowest has its labels above, the others below. */
function labelled(rows: readonly ChartRow[], x: ValueAxis, y: ValueAxis): ChartRow[] {
  const arms = Map.groupBy(rows, (row) => row['arm'])
  const slowest = [...arms.values()].toSorted((a, b) => Number(b[0]?.['value']) - Number(a[0]?.['value']))[0]
  return [...arms.values()].flatMap((ofArm) => {
    const above = arms.size > 1 && ofArm === slowest
    const shown: { row: ChartRow; texts: string[] }[] = []
    for (const row of ofArm) {
      const last = shown.at(-1)
      const near =
        last !== undefined &&
        Math.abs(placeOn(x, row['at']) - placeOn(x, last.row['at'])) < readable.x &&
        Math.abs(placeOn(y, row['value']) - placeOn(y, last.row['value'])) < readable.y
      if (near) last.texts.push(String(row['text']))
      else shown.push({ row, texts: [String(row['text'])] })
    }
    const texts = new Map(shown.map(({ row, texts: all }) => [row, all.join(', ')]))
    return ofArm.map((row) => ({
      ...row,
      above: above || placeOn(y, row['value']) < readable.bottom,
      text: texts.get(row) ?? '',
    }))
  })
}

function placeOn({ scale, least, most }: ValueAxis, value: unknown): number {
  const at = Number(value)
  return scale === 'log' ? Math.log(at / least) / Math.log(most / least) : (at - least) / (most - least)
}

/** From the least load to that with the most output. */
function titleOf(evidence: Evidence, { sweep, metric }: Shown, placed: readonly Placed[]): string {
  const { words } = evidence
  const label = labelOf(evidence, metric)
  const { unit } = metrics[metric]
  const sound = placed.some(({ latency }) => latency.valid) ? placed.filter(({ latency }) => latency.valid) : placed
  const most = sound.toSorted((a, b) => b.output.value - a.output.value)[0] as Placed
  const least = sound.find(({ line }) => line === most.line) as Placed
  return words('load.curve-title', {
    name: sweep.lines.length > 1 ? `${most.cell.arm.name}: ` : '',
    on: onText(evidence, sweep),
    label,
    unit,
    least: shownFew(least.latency.median),
    few: significant(least.output.value),
    value: shownFew(most.latency.median),
    many: significant(most.output.value),
  })
}

function captionWith(evidence: Evidence, { sweep, metric }: Shown, placed: readonly Placed[], log: boolean) {
  const { words } = evidence
  const label = labelOf(evidence, metric)
  const { unit } = metrics[metric]
  const latencies = placed.map(({ latency }) => latency)
  const { short, rule } = kneeNotes(
    words,
    placed.map(({ knee }) => knee),
  )
  const hollow = hollowNote(
    words,
    latencies.some(({ valid }) => !valid),
  )
  const logs = logNotes(words, log)
  return captionOf(
    [words('load.curve', { label, unit }), words(`load.numbers-${sweep.unit}`), ...short, ...hollow, ...logs.short],
    [...lineNote(words, sweep), words('load.marks'), ...tailNote(words, latencies), ...rule, ...logs.reading],
  )
}

function twinOf({ words }: Evidence, { sweep, metric }: Shown, placed: readonly Placed[]): Figure['twin'] {
  const label = labelOf({ words }, metric)
  const { unit } = metrics[metric]
  const heads = [
    words(`load.${sweep.unit}-name`),
    words('load.output-axis'),
    `${label}, ${unit}: ${words('twin.median')}`,
  ]
  return {
    head: [
      textCell(words('twin.cell')),
      ...heads.map((text) => numberCell(text)),
      numberCell(words('load.tail')),
      numberCell(words('twin.requests')),
      textCell(words('load.knee')),
    ],
    rows: placed.map(({ cell, level, latency, output, knee }): TwinCell[] => [
      textCell(cell.name),
      numberCell(shownRate(level)),
      numberCell(significant(output.value), `#cell-${cell.index + 1}`),
      numberCell(shownFew(latency.median)),
      numberCell(latency.tail === undefined ? missing : `${latency.tail.name} ${shownFew(latency.tail.value)}`),
      numberCell(String(latency.n)),
      textCell(knee?.point.cell === cell ? words('load.knee') : ''),
    ]),
  }
}
