import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { significant } from './numbers.ts'

/** What more clients do to one arm: all that it writes, and the wait for a first token. */
export type LoadContrast = { few: ShownCell; many: ShownCell; n: number; valid: boolean; text: string }

type Measured = { cell: ShownCell; rate: CellValue; wait: CellValue }

/** The fewest clients against the most, of the first arm and workload that was measured with several numbers of them. */
export function loadContrast(evidence: Evidence): LoadContrast | undefined {
  const { words, comparison } = evidence
  const places = Map.groupBy(comparison.cells, ({ cell }) => JSON.stringify([cell.arm, cell.config.workload.name]))
  for (const cells of places.values()) {
    const measured = cells.flatMap((cell) => measuredOf(evidence, cell)).toSorted((a, b) => clientsOf(a) - clientsOf(b))
    const [few, many] = [measured[0], measured.at(-1)]
    if (few === undefined || many === undefined || clientsOf(few) === clientsOf(many)) continue
    const values = [few, many].flatMap(({ rate, wait }) => [rate, wait])
    const text = words('answer.load', {
      name: many.cell.arm.name,
      few: words('axis.clients', { n: clientsOf(few) }),
      many: words('axis.clients', { n: clientsOf(many) }),
      rate: significant(many.rate.value / few.rate.value),
      wait: significant(many.wait.value / few.wait.value),
    })
    const n = Math.min(...values.map((value) => value.n))
    return { few: few.cell, many: many.cell, n, valid: values.every((value) => value.valid), text }
  }
  return undefined
}

const clientsOf = ({ cell }: Measured) => cell.cell.config.load.clients

function measuredOf(evidence: Evidence, cell: ShownCell): Measured[] {
  const of = (metric: Metric) => evidence.valueOf(cell, metric)
  const [rate, wait] = [of('output_tps'), of('ttft_ms')]
  return rate === undefined || wait === undefined ? [] : [{ cell, rate, wait }]
}
