import type { Store } from '../store/store.ts'
import { planCsv } from './plan-csv.ts'
import { planJson } from './plan-json.ts'

/** A new format is one file and one line here. */
const formats = { csv: planCsv, json: planJson } satisfies Record<
  string,
  (store: Store, planId: string) => Iterable<string>
>

export type ExportFormat = keyof typeof formats
export const exportFormats = Object.keys(formats) as readonly ExportFormat[]

/** A plan's data in a format for other programs, in pieces that follow each other. */
export function exportPlan(
  store: Store,
  { planId, format }: { planId: string; format: ExportFormat },
): Iterable<string> {
  return formats[format](store, planId)
}
