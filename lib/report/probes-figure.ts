import { hasLateClient, type KneeSearch, kneeGoodput, lacksClients, type Probe } from '../domain/plan.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { limitOf, objectivesText } from './goodput-figure.ts'
import { hollowNote } from './load-words.ts'
import { missing, percent, shownRate, significant } from './numbers.ts'

/** How the rate of a cell was found before its plan was frozen: every probe, in its order. */
export function probesFigures(evidence: Evidence): Figure[] {
  return (evidence.data.plan.probes ?? []).flatMap((search, index) => {
    const cell = evidence.comparison.cells.find((each) => each.cell.id === search.cellId)
    return cell === undefined || search.probes.length === 0 ? [] : [figureOf(evidence, { search, cell, index })]
  })
}

type Shown = { search: KneeSearch; cell: ShownCell; index: number }
function figureOf(evidence: Evidence, { search, cell, index }: Shown): Figure {
  const { words, data } = evidence
  const { probes, ratePerSecond } = search
  const rows = probes.map((probe, at) => rowOf(evidence, { cell, probe, at, search }))
  return {
    id: `probes-${index + 1}`,
    metric: 'goodput_share',
    group: cell.arm.group,
    title: words(search.atLeast === undefined ? 'load.probes-title' : 'load.probes-title-least', {
      n: probes.length,
      name: cell.arm.name,
      rate: shownRate(ratePerSecond),
    }),
    ...captionOf(
      [
        words('load.probes', { objectives: objectivesText(words, data.plan.objectives ?? {}) }),
        words('load.probes-order'),
        ...(search.atLeast === undefined ? [] : [words(`load.at-least-${search.atLeast}`)]),
        ...hollowNote(words, probes.some(isDoubtful)),
      ],
      [words('load.probes-reading')],
    ),
    wide: false,
    chart: 'goodput',
    values: {
      rows,
      ...scalesOf(evidence, [cell.arm]),
      xScale: 'linear',
      xValues: probes.map((_, at) => at + 1),
      ...limitOf(words),
      xTitle: words('load.probe-axis'),
    },
    twin: twinOf(evidence, search),
  }
}

function rowOf(
  evidence: Evidence,
  { search, cell, probe, at }: Omit<Shown, 'index'> & { probe: Probe; at: number },
): ChartRow {
  const taken = probe === takenOf(search)
  const order = String(at + 1)
  const rate = shownRate(probe.ratePerSecond)
  return {
    arm: cell.arm.index,
    label: cell.arm.value,
    at: at + 1,
    series: order,
    kind: 'estimate',
    value: probe.goodput,
    invalid: isDoubtful(probe),
    knee: taken,
    text: taken ? evidence.words('load.taken-mark', { rate }) : rate,
    tip: `${evidence.words('load.probe', { order, rate })}\n${percent(probe.goodput)} (n = ${probe.requests})\n${decisionOf(evidence, search, probe)}`,
  }
}

const isDoubtful = (probe: Probe) => probe.invalid !== undefined || lacksClients(probe)

/**
 * The highest good probe, whose rate was then rounded down. One in which the client was late is good only where it was late in all
 * that were: once it has been in time, being late is taken for the rate's doing.
 */
function takenOf({ probes }: KneeSearch): Probe | undefined {
  const good = probes.filter((probe) => probe.goodput >= kneeGoodput && !lacksClients(probe))
  const inTime = good.filter((probe) => !hasLateClient(probe))
  return (inTime.length > 0 ? inTime : good).toSorted((a, b) => b.ratePerSecond - a.ratePerSecond)[0]
}

/** Other doubts do not keep a probe from counting. */
function decisionOf({ words }: Evidence, search: KneeSearch, probe: Probe): string {
  const taken = takenOf(search)
  if (probe.waited !== undefined) return words('load.probe-few-clients', { share: percent(probe.waited) })
  const counts = !hasLateClient(probe) || (probe.goodput >= kneeGoodput && taken !== undefined && hasLateClient(taken))
  const doubts = probe.invalid?.split(', ').map((reason) => words(`invalid.${reason}`)) ?? []
  if (!counts) return words('load.probe-invalid', { reason: doubts.join(', ') })
  const decision = probe === taken ? 'taken' : probe.goodput >= kneeGoodput ? 'met' : 'missed'
  const doubt = doubts.length === 0 ? '' : ` (${doubts.join(', ')})`
  return `${words(`load.probe-${decision}`)}${doubt}`
}

const milliseconds = (value: number | undefined) => numberCell(value === undefined ? missing : significant(value))

function twinOf(evidence: Evidence, search: KneeSearch): Figure['twin'] {
  const { words } = evidence
  const heads = [
    'load.probe-head',
    'load.rate-name',
    'load.good-share',
    'twin.requests',
    'load.median-ttft',
    'load.median-tpot',
  ]
  return {
    head: [...heads.map((key) => numberCell(words(key))), textCell(words('load.decision'))],
    rows: search.probes.map((probe, at): TwinCell[] => [
      numberCell(String(at + 1)),
      numberCell(shownRate(probe.ratePerSecond)),
      numberCell(percent(probe.goodput)),
      numberCell(String(probe.requests)),
      milliseconds(probe.ttftMs),
      milliseconds(probe.tpotMs),
      textCell(decisionOf(evidence, search, probe)),
    ]),
  }
}
