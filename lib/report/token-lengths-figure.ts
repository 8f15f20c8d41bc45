import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure } from './figure.ts'
import { fixed } from './numbers.ts'
import { countOf, doLengthsDiffer, lengthAt, lengthsOf, type LengthOf, type Lengths } from './token-lengths.ts'

const mostPanels = 6
const mostBins = 20
const alike = 1.1

type Panel = { name: string; cells: readonly ShownCell[]; lengths: Lengths }

/** How many tokens prompts and answers have: a histogram of each that differs, by arm where arms answer at other lengths. */
export function tokenLengthFigures(evidence: Evidence): Figure[] {
  const cells = evidence.comparison.cells.filter(({ kind }) => kind === 'chat' || kind === 'completion')
  return (['prompt', 'output'] as const).flatMap((of) =>
    doLengthsDiffer(lengthsOf(evidence, cells, of)) ? [figureOf(evidence, of, panelsOf(evidence, cells, of))] : [],
  )
}

/** A panel for each arm only where they differ by more than chance and the end of a trial make them differ. */
function panelsOf(evidence: Evidence, cells: readonly ShownCell[], of: LengthOf): Panel[] {
  const arms = [...Map.groupBy(cells, ({ arm }) => arm.value)].flatMap(([name, ofArm]): Panel[] => {
    const lengths = lengthsOf(evidence, ofArm, of)
    return lengths.length === 0 ? [] : [{ name, cells: ofArm, lengths }]
  })
  const medians = arms.map(({ lengths }) => lengthAt(lengths, 0.5))
  if (Math.max(...medians) > alike * Math.min(...medians)) return arms
  return [{ name: evidence.words('chart.all'), cells, lengths: lengthsOf(evidence, cells, of) }]
}

function figureOf(evidence: Evidence, of: LengthOf, all: readonly Panel[]): Figure {
  const { words } = evidence
  const panels = all.slice(0, mostPanels)
  const width = binWidth(panels)
  const rows = panels.flatMap((panel, order) => rowsOf(evidence, panel, { order, width, alone: all.length === 1 }))
  const most = Math.max(...rows.map((row) => Number(row['value'] ?? 0)))
  const n = panels.reduce((sum, { lengths }) => sum + countOf(lengths), 0)
  return {
    id: `token-lengths-${of}`,
    metric: 'e2e_ms',
    group: '',
    title: titleOf(evidence, of, all),
    ...captionOf(
      [
        words(`token-lengths.${of}`, { n: fixed(n, 0) }),
        ...(all.length > panels.length ? [words('token-lengths.left-out', { n: all.length - panels.length })] : []),
      ],
      [
        words('token-lengths.reading', { width: fixed(width, 0) }),
        ...(hasInvalid(evidence, panels) ? [words('token-lengths.invalid')] : []),
      ],
    ),
    wide: false,
    folded: true,
    chart: 'token-lengths',
    values: {
      rows,
      ...scalesOf(
        evidence,
        panels.flatMap(({ cells }) => cells.map(({ arm }) => arm)),
      ),
      most: 1.08 * most,
      first: Math.min(...rows.map((row) => Number(row['from']))),
      last: Math.max(...rows.map((row) => Number(row['to']))),
      xTitle: words('token-lengths.axis'),
      yTitle: words('twin.requests'),
    },
    twin: twinOf(evidence, panels, rows),
  }
}

function hasInvalid(evidence: Evidence, panels: readonly Panel[]): boolean {
  const cells = panels.flatMap((panel) => panel.cells)
  return cells.some(({ cell }) => evidence.trialsOf(cell.id).some(({ invalid }) => invalid.length > 0))
}

/** 1, 2 or 5 of a power of ten: at most `mostBins` over all panels. */
function binWidth(panels: readonly Panel[]): number {
  const least = Math.min(...panels.map(({ lengths }) => lengths[0]?.[0] ?? 0))
  const most = Math.max(...panels.map(({ lengths }) => lengths.at(-1)?.[0] ?? 0))
  const wanted = Math.max(1, (most - least + 1) / mostBins)
  const unit = 10 ** Math.floor(Math.log10(wanted))
  return unit * ([1, 2, 5].find((step) => step * unit >= wanted) ?? 10)
}

type Bins = { order: number; width: number; alone: boolean }
function rowsOf({ words }: Evidence, { name, cells, lengths }: Panel, { order, width, alone }: Bins): ChartRow[] {
  const arm = cells[0]?.arm
  const bins = Map.groupBy(lengths, ([tokens]) => Math.floor(tokens / width))
  const median = lengthAt(lengths, 0.5)
  const base = { panel: name, order, label: arm?.value ?? '', neutral: alone }
  const bars = [...bins.entries()].map(([bin, ofBin]): ChartRow => {
    const value = countOf(ofBin)
    const [from, to] = [bin * width, (bin + 1) * width]
    const tip = `${name}\n${words('token-lengths.tip', { range: rangeText(words, from, width), n: value })}`
    // An arm of several cells is marked with any of them only where it is one arm.
    return { ...base, ...(alone ? {} : { arm: arm?.index ?? 0 }), kind: 'bar', from, to, value, tip }
  })
  const text = words('token-lengths.median', { median: fixed(median, 0) })
  return [...bars, { ...base, kind: 'median', from: median, to: median, text }]
}

function rangeText(words: Evidence['words'], from: number, width: number): string {
  return width === 1 ? fixed(from, 0) : words('range', { low: fixed(from, 0), high: fixed(from + width - 1, 0) })
}

function titleOf({ words }: Evidence, of: LengthOf, panels: readonly Panel[]): string {
  const ranked = panels.toSorted((a, b) => lengthAt(b.lengths, 0.5) - lengthAt(a.lengths, 0.5))
  const [longest, shortest] = [ranked[0], ranked.at(-1)]
  if (longest === undefined || shortest === undefined) return ''
  const half = (panel: Panel) => fixed(lengthAt(panel.lengths, 0.5), 0)
  if (longest !== shortest && half(longest) !== half(shortest))
    return words(`token-lengths.${of}-differ`, {
      longest: longest.name,
      most: half(longest),
      shortest: shortest.name,
      least: half(shortest),
    })
  const ends = panels.flatMap(({ lengths }) => [lengths[0]?.[0] ?? 0, lengths.at(-1)?.[0] ?? 0])
  const [low, high] = [fixed(Math.min(...ends), 0), fixed(Math.max(...ends), 0)]
  return words(`token-lengths.${of}-title`, { median: half(longest), low, high })
}

function twinOf({ words }: Evidence, panels: readonly Panel[], rows: readonly ChartRow[]): Figure['twin'] {
  const bars = rows.filter((row) => row['kind'] === 'bar')
  return {
    head: [
      textCell(words('machines.arm')),
      numberCell(words('token-lengths.axis')),
      numberCell(words('twin.requests')),
      numberCell(words('token-lengths.of')),
    ],
    rows: panels.flatMap(({ name, lengths }, order) =>
      bars
        .filter((row) => row['order'] === order)
        .toSorted((a, b) => Number(a['from']) - Number(b['from']))
        .map((row) => [
          textCell(name),
          numberCell(rangeText(words, Number(row['from']), Number(row['to']) - Number(row['from']))),
          numberCell(String(row['value'])),
          numberCell(String(countOf(lengths))),
        ]),
    ),
  }
}
