import type { Metric } from '../domain/metric.ts'
import { allPromptsColumn } from './all-prompts.ts'
import { type ArmBlock, armBlocksOf, armRows } from './arm-blocks.ts'
import { hasRandomWeights, type ShownCell } from './comparison.ts'
import { type Evidence, meanOfTrials } from './evidence.ts'
import { gapReason } from './gap-reason.ts'
import { knownMemory } from './memory-metrics.ts'
import { missing } from './numbers.ts'
import { mostPrompts, type PromptSeen } from './prompt-means.ts'
import { shownText } from './shown-text.ts'
import { hrefOf, metricColumn, numberCell, textCell, type ValueColumn, type ValueTable } from './value-table.ts'

/** Time, speed and memory of arms, a column for each prompt; one for each workload whose prompts are a handful. */
export type ByPrompt = { title: string; lengths: string; equal: boolean; tables: readonly ValueTable[] }

const longestPrompt = 200

/** Arms that answered the same handful of prompts: not where there is one prompt, or more than a handful, or one arm. */
export function promptBlocksOf(evidence: Evidence): { block: ArmBlock; prompts: readonly Prompt[] }[] {
  return armBlocksOf(evidence).flatMap((block) => {
    const prompts = promptsOf(evidence, block.cells)
    return prompts.length < 2 || prompts.length > mostPrompts ? [] : [{ block, prompts }]
  })
}

/** What each prompt took under each arm. */
export function byPromptOf(evidence: Evidence): ByPrompt[] {
  return promptBlocksOf(evidence).map(({ block, prompts }) => {
    const lengths = lengthsOf(evidence, block.cells, prompts)
    const tables = [timeTable, speedTable].map((table) => table(evidence, block, prompts))
    const tokens = lengths.all === undefined ? [tokensTable(evidence, block, prompts)] : []
    return { title: block.title, ...lengths, tables: [...tables, ...tokens, ...memoryTable(evidence, block)] }
  })
}

/** What was seen of requests bears the id as it is in the store: `id` is that, `name` is safe to be shown. */
export type Prompt = { id: string; name: string; text: string }

/** Those of the file in its order, then what was asked besides: later turns of a conversation. */
function promptsOf(evidence: Evidence, cells: readonly ShownCell[]): Prompt[] {
  const workload = cells[0]?.cell.config.workload
  const declared = workload !== undefined && 'prompts' in workload ? workload.prompts : []
  if (declared.length > mostPrompts) return []
  const seen = cells.flatMap((cell) =>
    evidence.trialsOf(cell.cell.id).flatMap(({ id }) => [...evidence.seenOf(id).prompts.keys()]),
  )
  if (seen.length === 0) return []
  const raw = new Map(seen.map((id) => [shownText(id), id]))
  const texts = new Map(declared.map(({ id, text }) => [id, text.slice(0, longestPrompt)]))
  return [...new Set([...texts.keys(), ...raw.keys()])].map((name) => ({
    id: raw.get(name) ?? name,
    name,
    text: texts.get(name) ?? '',
  }))
}

const idsOf = (prompts: readonly Prompt[]) => prompts.map(({ id }) => id)
type Block = Pick<ArmBlock, 'cells'>
export const secondsOf = ({ e2eMs }: PromptSeen) => (e2eMs === undefined ? undefined : e2eMs / 1000)
export const speedOf = ({ requestTps }: PromptSeen) => requestTps

function timeTable(evidence: Evidence, { cells }: Block, prompts: readonly Prompt[]): ValueTable {
  const columns = prompts.map((prompt) =>
    promptColumn(evidence, prompt, { metric: 'e2e_ms', figure: 'e2e_s', unit: 's', better: 'lower', pick: secondsOf }),
  )
  return tableOf(evidence, 'time', cells, [...columns, allPromptsColumn(evidence, idsOf(prompts), 'time')])
}

function speedTable(evidence: Evidence, { cells }: Block, prompts: readonly Prompt[]): ValueTable {
  const columns = prompts.map((prompt) =>
    promptColumn(evidence, prompt, {
      metric: 'request_tps',
      figure: 'request_tps',
      unit: 'tokens/s',
      better: 'higher',
      pick: speedOf,
    }),
  )
  return tableOf(evidence, 'speed', cells, [
    ...columns,
    allPromptsColumn(evidence, idsOf(prompts), 'speed'),
    ...qualityColumn(evidence, cells),
  ])
}

function memoryTable(evidence: Evidence, { cells }: Block): ValueTable[] {
  const shown = knownMemory(evidence, cells)
  if (shown.length === 0) return []
  return [
    tableOf(
      evidence,
      'memory',
      cells,
      shown.map((metric) => metricColumn(evidence, metric)),
    ),
  ]
}

type Of = {
  metric: Metric
  figure: string
  unit: string
  better: ValueColumn['better']
  pick: (seen: PromptSeen) => number | undefined
}
function promptColumn(evidence: Evidence, { id, name, text }: Prompt, of: Of): ValueColumn {
  const { metric, figure, unit, better, pick } = of
  return {
    head: { name, unit, href: `#metric-${metric}`, title: text, n: true },
    of: { figure, prompt: name },
    better,
    cellOf: (cell) => {
      const found = meanOfTrials(evidence.trialsOf(cell.cell.id), 'geometric', (trial) => {
        const seen = evidence.seenOf(trial.id).prompts.get(id)
        return seen && pick(seen)
      })
      return numberCell(evidence.words, metric, { found, reason: promptGap(evidence, cell, id) })
    },
  }
}

/** Why `cell` has no value of a prompt. */
export function promptGap(evidence: Evidence, cell: ShownCell, id: string): string {
  const seen = evidence.trialsOf(cell.cell.id).flatMap((trial) => evidence.seenOf(trial.id).prompts.get(id) ?? [])
  const [failed, measured] = [totalOf(seen, 'failed'), totalOf(seen, 'measured')]
  if (failed > 0) return evidence.words('prompts.failed', { n: failed, measured })
  const ended = evidence.trialsOf(cell.cell.id).some(({ status }) => status === 'ok')
  return ended && seen.length === 0 ? evidence.words('prompts.not-asked') : gapReason(evidence, cell)
}

function totalOf(seen: readonly PromptSeen[], count: 'failed' | 'measured'): number {
  return seen.reduce((sum, each) => sum + each[count], 0)
}

/** Perplexity is of another workload under the same arm; that of random weights says nothing. */
function qualityColumn(evidence: Evidence, cells: readonly ShownCell[]): ValueColumn[] {
  const of = (cell: ShownCell) =>
    evidence.comparison.cells.find(
      (each) => each.kind === 'perplexity' && each.arm === cell.arm && !hasRandomWeights(each.cell),
    )
  if (!cells.some((cell) => of(cell) !== undefined)) return []
  const column = metricColumn(evidence, 'perplexity')
  const none = textCell(missing, {
    title: evidence.words('matrix.no-cell', { kind: 'perplexity' }),
    gap: true,
    n: true,
  })
  return [
    {
      ...column,
      cellOf: (cell) => {
        const found = of(cell)
        return found === undefined ? none : { ...column.cellOf(found), href: hrefOf(found) }
      },
    },
  ]
}

/** Answers of one length make times comparable; else what was said is in them too. */
function lengthsOf(evidence: Evidence, cells: readonly ShownCell[], prompts: readonly Prompt[]) {
  const { words } = evidence
  const byPrompt = prompts.map(({ id }) => cells.flatMap((cell) => tokensOf(evidence, cell, id)))
  const known = new Set(byPrompt.flat())
  if (known.size === 0) return { lengths: words('prompts.lengths-unknown'), equal: false, all: undefined }
  if (known.size === 1) {
    const [n = 0] = known
    return { lengths: words('prompts.lengths-all', { n }), equal: true, all: n }
  }
  const equal = byPrompt.every((lengths) => new Set(lengths).size <= 1)
  return { lengths: words(equal ? 'prompts.lengths-same' : 'prompts.lengths-differ'), equal, all: undefined }
}

/** Whether times of a prompt compare what was said as well. */
export function lengthsDiffer(evidence: Evidence, cells: readonly ShownCell[], prompts: readonly Prompt[]): boolean {
  return !lengthsOf(evidence, cells, prompts).equal
}

/** Least and most tokens of the answers to a prompt, of trials that count. */
function tokensOf(evidence: Evidence, cell: ShownCell, id: string): number[] {
  const ended = evidence.trialsOf(cell.cell.id).filter(({ status }) => status === 'ok')
  return ended.flatMap((trial) => {
    const tokens = evidence.seenOf(trial.id).prompts.get(id)?.tokens
    return tokens === undefined ? [] : [tokens.least, tokens.most]
  })
}

function tokensTable(evidence: Evidence, { cells }: Block, prompts: readonly Prompt[]): ValueTable {
  const columns = prompts.map(({ id, name, text }): ValueColumn => ({
    head: { name, unit: evidence.words('prompts.tokens'), href: '', title: text, n: true },
    of: { figure: 'output_tokens_most', prompt: name },
    better: 'neither',
    cellOf: (cell) => {
      const tokens = tokensOf(evidence, cell, id)
      if (tokens.length === 0) return textCell(missing, { title: promptGap(evidence, cell, id), gap: true, n: true })
      const [least, most] = [Math.min(...tokens), Math.max(...tokens)]
      const range = evidence.words('range', { low: least, high: most })
      return textCell(least === most ? String(least) : range, { raw: String(most), n: true })
    },
  }))
  return tableOf(evidence, 'lengths', cells, columns)
}

function tableOf(
  { words }: Evidence,
  name: 'time' | 'speed' | 'memory' | 'lengths',
  cells: readonly ShownCell[],
  columns: readonly ValueColumn[],
): ValueTable {
  const has = (part: string) => columns.some(({ of }) => of.figure.startsWith(part))
  const note = [
    words(`prompts.${name}-note`),
    ...(has('perplexity') ? [words('prompts.quality-note')] : []),
    ...(has('vram') ? [words('prompts.memory-note-gpu')] : []),
  ].join(' ')
  return {
    title: words(`prompts.${name}`),
    note,
    rowHead: words('machines.arm'),
    heads: columns.map(({ head }) => head),
    rows: armRows(cells, columns),
  }
}
