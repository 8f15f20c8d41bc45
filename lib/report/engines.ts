import type { EngineFacts } from '../domain/manifest.ts'
import type { Metric } from '../domain/metric.ts'
import type { GreedyAnswer } from '../domain/plan-data.ts'
import { type ArmBlock, armBlocksOf, armRows } from './arm-blocks.ts'
import { clientAndEngineOf } from './client-and-engine.ts'
import type { ShownCell } from './comparison.ts'
import { type Evidence, meanOfTrials } from './evidence.ts'
import { gapReason } from './gap-reason.ts'
import { knownPeaks } from './memory-metrics.ts'
import { missing } from './numbers.ts'
import { mostPrompts } from './prompt-means.ts'
import { type SameAnswers, sameAnswersOf } from './same-answers.ts'
import { metricColumn, numberCell, textCell, type ValueColumn, type ValueTable } from './value-table.ts'

/** Engines side by side, block by block, and what they say of themselves beside what the client saw. */
export type Engines = {
  blocks: readonly { title: string; tables: readonly ValueTable[] }[]
  client: readonly ValueTable[]
}

const speeds: readonly Metric[] = ['ttft_ms', 'decode_tps']

/** `undefined` where there is one engine only, and it says nothing of itself. `answers` are as they came. */
export function enginesOf(evidence: Evidence, answers: readonly GreedyAnswer[]): Engines | undefined {
  const blocks = armBlocksOf(evidence).flatMap((block) => {
    const engines = new Set(block.cells.map((cell) => engineText(evidence, cell).text))
    return engines.size < 2 ? [] : [{ title: block.title, tables: tablesOf(evidence, block, answers) }]
  })
  const client = clientAndEngineOf(evidence)
  if (blocks.length === 0 && client === undefined) return undefined
  return { blocks, client: client === undefined ? [] : [client] }
}

function tablesOf(evidence: Evidence, { cells }: ArmBlock, answers: readonly GreedyAnswer[]): ValueTable[] {
  const same = sameAnswersOf(evidence, cells, answers)
  const rows = answersTable(evidence, cells, same)
  return [sideTable(evidence, cells, same), ...(rows === undefined ? [] : [rows])]
}

function sideTable(evidence: Evidence, cells: readonly ShownCell[], same: SameAnswers | undefined): ValueTable {
  const { words } = evidence
  const known = (metrics: readonly Metric[]) =>
    metrics
      .filter((metric) => cells.some((cell) => evidence.valueOf(cell, metric) !== undefined))
      .map((metric) => metricColumn(evidence, metric))
  const engine: ValueColumn = {
    head: { name: words('engines.engine'), unit: '', href: '', title: '', n: false },
    of: { figure: 'engine' },
    better: 'neither',
    cellOf: (cell) => engineText(evidence, cell),
  }
  const columns = [
    engine,
    ...shareColumn(evidence, same),
    ...known(speeds),
    ...known(['load_ms']).map((column) => startColumn(evidence, column)),
    ...known(knownPeaks(evidence, cells)),
    ...known(['cpu_cores']),
  ]
  return {
    title: words('engines.side'),
    note: words('engines.side-note'),
    rowHead: words('machines.arm'),
    heads: columns.map(({ head }) => head),
    rows: armRows(cells, columns),
  }
}

/** Engines take from tenths of a second to minutes to start: in seconds. */
function startColumn(evidence: Evidence, { head, better }: ValueColumn): ValueColumn {
  return {
    head: { ...head, unit: 's' },
    of: { figure: 'load_s' },
    better,
    cellOf: (cell) => {
      const found = meanOfTrials(evidence.trialsOf(cell.cell.id), 'geometric', ({ metrics }) =>
        metrics.load_ms === undefined ? undefined : metrics.load_ms.value / 1000,
      )
      return numberCell(evidence.words, 'load_ms', { found, reason: gapReason(evidence, cell, 'load_ms') })
    },
  }
}

function shareColumn({ words }: Evidence, same: SameAnswers | undefined): ValueColumn[] {
  if (same === undefined) return []
  const head = { name: words('engines.same'), unit: '', href: '', title: words('engines.same-title'), n: false }
  return [{ head, of: { figure: 'same_answers' }, better: 'neither', cellOf: same.shareOf }]
}

/** By prompt, where they are a handful. */
function answersTable(
  { words }: Evidence,
  cells: readonly ShownCell[],
  same: SameAnswers | undefined,
): ValueTable | undefined {
  if (same === undefined || same.prompts.length > mostPrompts) return undefined
  const columns = same.prompts.map((name, at): ValueColumn => ({
    head: { name, unit: '', href: '', title: '', n: false },
    of: { figure: 'same_answer', prompt: name },
    better: 'neither',
    cellOf: (cell) => same.cellsOf(cell)[at] ?? textCell(missing),
  }))
  return {
    title: words('engines.answers'),
    note: words('engines.answers-note', { base: same.base.arm.name }),
    rowHead: words('machines.arm'),
    heads: columns.map(({ head }) => head),
    rows: armRows(cells, columns),
  }
}

/** Kind and version of a cell's engine; of a server that was there already its own name. */
function engineText(evidence: Evidence, cell: ShownCell) {
  const { kind } = cell.cell.config.backend
  const facts = evidence.trialsOf(cell.cell.id).flatMap((trial) => factsOf(evidence, trial.launchId) ?? [])
  const texts = facts.map(({ name, version }) =>
    [kind === 'openai' ? name : kind, version ?? ''].filter((part) => part !== '').join(' '),
  )
  return textCell([...new Set(texts)].join(' / ') || kind, { title: facts[0]?.build ?? '' })
}

function factsOf({ data }: Evidence, launchId: number): EngineFacts | undefined {
  const digest = data.launches.find(({ id }) => id === launchId)?.manifestDigest
  return digest === undefined ? undefined : data.manifests[digest]?.manifest.engine
}
