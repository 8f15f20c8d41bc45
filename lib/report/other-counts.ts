import type { Alternative } from '../measure/alternatives.ts'
import { type OtherTool, otherTools, type ToolMetric } from '../measure/other-tools.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { missing, shownUnit, shownValue, significant } from './numbers.ts'
import { labelOf } from './metric-words.ts'

const tools = Object.keys(otherTools) as OtherTool[]

/** A figure of another tool, beside ours of the same kind. */
export type OtherCount = {
  tool: string
  name: string
  unit: string
  value: string
  median: string
  p99: string
  ours: string
  definition: string
}

/** What other tools would have said of a cell; empty where that is not known. */
export function otherCountsOf(evidence: Evidence, cell: ShownCell): OtherCount[] {
  const { otherCounts } = evidence
  const said = otherCounts?.status === 'ok' ? otherCounts.ofCell.get(cell.cell.id) : undefined
  if (said === undefined) return []
  return tools.flatMap((tool) =>
    Object.entries<ToolMetric>(otherTools[tool]).flatMap(([name, metric]): OtherCount[] => {
      const found = said[tool][name]
      if (found === undefined) return []
      const definition = evidence.words(`tools-count.of.${tool}.${name}`)
      return [{ tool, name, ...written(evidence, cell, metric, found), definition }]
    }),
  )
}

const text = (value: number | undefined) => (value === undefined ? missing : significant(value))

function written(evidence: Evidence, cell: ShownCell, { ours, unit }: ToolMetric, found: Alternative) {
  const own = ours && evidence.valueOf(cell, ours)
  return {
    unit,
    value: text(found.value),
    median: text(found.median),
    p99: text(found.p99),
    ours:
      ours === undefined || own === undefined
        ? ''
        : `${labelOf(evidence, ours)} ${shownValue(ours, own.value).text} ${shownUnit(ours)}`,
  }
}
