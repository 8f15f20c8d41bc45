import { kneeGoodput } from '../domain/plan.ts'
import type { Evidence } from './evidence.ts'
import { objectivesText } from './goodput-figure.ts'
import { latencyOf } from './latencies.ts'
import { kneeOf, type Knee } from './load-knee.ts'
import { levelOf, levelText, waitOf } from './load-level.ts'
import { isUnderLoad, loadSweepsOf, type LoadLine, type LoadPoint, type LoadSweep } from './load-sweep.ts'
import { shownFew } from './load-words.ts'
import { percent, significant } from './numbers.ts'
import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'

/** What a load did, in one clause, and what it rests on. */
export type LoadClaim = {
  text: string
  cells: readonly ShownCell[]
  n: number
  valid: boolean
  group: string
  metric: Metric
}

/** What the first line of the first sweep says; of a rate that was looked for, that. */
export function loadClaim(evidence: Evidence): LoadClaim | undefined {
  for (const sweep of loadSweepsOf(evidence))
    for (const line of sweep.lines) {
      const claim = claimOf(evidence, sweep, line)
      if (claim !== undefined) return claim
    }
  return foundRate(evidence)
}

function claimOf(evidence: Evidence, sweep: LoadSweep, line: LoadLine): LoadClaim | undefined {
  const measured = line.points.filter(({ cell }) => latencyOf(evidence, cell, waitOf(cell)) !== undefined)
  const [few, many] = [measured[0], measured.at(-1)]
  if (few === undefined || many === undefined || few === many) return undefined
  const knee = kneeOf(evidence, line)
  const text = textOf(evidence, sweep, { few, many, knee, measured })
  if (text === undefined) return undefined
  const cells = [...new Set([few, ...(knee === undefined ? [] : [knee.point]), many].map(({ cell }) => cell))]
  const values = cells.flatMap((cell) => evidence.valueOf(cell, waitOf(cell)) ?? [])
  return {
    text,
    cells,
    n: Math.min(...values.map(({ n }) => n)),
    valid: values.every(({ valid }) => valid),
    group: sweep.group,
    metric: knee?.rule === 'goodput' ? 'goodput_share' : 'output_tps',
  }
}

type Bend = { few: LoadPoint; many: LoadPoint; knee: Knee | undefined; measured: readonly LoadPoint[] }
function textOf(evidence: Evidence, sweep: LoadSweep, bend: Bend): string | undefined {
  const { knee } = bend
  if (knee === undefined)
    return judged(evidence, bend) ? neverText(evidence, sweep, bend) : waitsText(evidence, sweep, bend)
  if (knee.rule === 'goodput') return goodputText(evidence, sweep, bend, knee)
  return knee.last ? waitsText(evidence, sweep, bend, 'steady') : outputText(evidence, sweep, bend, knee)
}

const place = ({ words }: Evidence, { unit }: LoadSweep, { level }: LoadPoint) =>
  levelText(words, { unit, value: level })
const output = (evidence: Evidence, { cell }: LoadPoint) => evidence.valueOf(cell, 'output_tps')?.value ?? 0
const wait = (evidence: Evidence, { cell }: LoadPoint) => latencyOf(evidence, cell, waitOf(cell))?.median ?? 0
const share = (evidence: Evidence, { cell }: LoadPoint) => evidence.valueOf(cell, 'goodput_share')?.value ?? 0

/** More clients than at the knee add waiting, and hardly any output. */
function outputText(evidence: Evidence, sweep: LoadSweep, { many }: Bend, { point }: Knee): string {
  return evidence.words('load.answer-output', {
    name: point.cell.arm.name,
    knee: place(evidence, sweep, point),
    output: significant(output(evidence, point)),
    wait: shownFew(wait(evidence, point)),
    many: place(evidence, sweep, many),
    ratio: significant(output(evidence, many) / output(evidence, point)),
    longer: significant(wait(evidence, many) / wait(evidence, point)),
  })
}

function goodputText(evidence: Evidence, sweep: LoadSweep, { measured }: Bend, { point, last }: Knee): string {
  const values = {
    name: point.cell.arm.name,
    objectives: objectivesText(evidence.words, evidence.data.plan.objectives ?? {}),
    knee: place(evidence, sweep, point),
    share: percent(share(evidence, point)),
  }
  const next = measured[measured.findIndex(({ cell }) => cell === point.cell) + 1]
  if (last || next === undefined) return evidence.words('load.answer-goodput-all', values)
  return evidence.words('load.answer-goodput', {
    ...values,
    next: place(evidence, sweep, next),
    less: percent(share(evidence, next)),
  })
}

/** Whether objectives were declared, and what was measured can be held to them. */
function judged(evidence: Evidence, { measured }: Bend): boolean {
  return measured.filter(({ cell }) => evidence.valueOf(cell, 'goodput_share') !== undefined).length > 1
}

/** Not even the least load. */
function neverText(evidence: Evidence, sweep: LoadSweep, { few }: Bend): string {
  return evidence.words('load.answer-never', {
    name: few.cell.arm.name,
    objectives: objectivesText(evidence.words, evidence.data.plan.objectives ?? {}),
    least: place(evidence, sweep, few),
    most: percent(kneeGoodput),
    share: percent(share(evidence, few)),
  })
}

/** What the most load did against the least, where no knee was found; `steady` where it lies beyond. */
function waitsText(evidence: Evidence, sweep: LoadSweep, { few, many }: Bend, found?: 'steady'): string | undefined {
  if (wait(evidence, few) === 0) return undefined
  const rates = output(evidence, few) > 0 && output(evidence, many) > 0
  const key = !rates ? 'waits' : (found ?? (sweep.open ? 'arrivals' : 'unsure'))
  return evidence.words(`load.answer-${key}`, {
    name: many.cell.arm.name,
    few: place(evidence, sweep, few),
    many: place(evidence, sweep, many),
    ratio: rates ? significant(output(evidence, many) / output(evidence, few)) : '',
    longer: significant(wait(evidence, many) / wait(evidence, few)),
    wait: shownFew(wait(evidence, many)),
  })
}

/** A rate that was found by probing, and what was measured at it. */
function foundRate(evidence: Evidence): LoadClaim | undefined {
  const { plan } = evidence.data
  for (const { cellId, probes, atLeast } of plan.probes ?? []) {
    const cell = evidence.comparison.cells.find((each) => each.cell.id === cellId)
    const level = cell && isUnderLoad(cell) ? levelOf(cell.cell.config.load) : undefined
    const found = cell && evidence.valueOf(cell, 'goodput_share')
    if (cell === undefined || level === undefined || found === undefined) continue
    const text = evidence.words(`load.answer-found${atLeast === undefined ? '' : `-${atLeast}`}`, {
      name: cell.arm.name,
      rate: levelText(evidence.words, level),
      share: percent(kneeGoodput),
      objectives: objectivesText(evidence.words, plan.objectives ?? {}),
      n: probes.length,
      clients: cell.cell.config.load.clients,
      measured: percent(found.value),
    })
    return { text, cells: [cell], n: found.n, valid: found.valid, group: cell.arm.group, metric: 'goodput_share' }
  }
  return undefined
}
