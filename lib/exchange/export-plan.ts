import type { Store } from '../store/store.ts'
import { planCsv } from './plan-csv.ts'
import { planJson } from './plan-json.ts'
import { planJsonl } from './plan-jsonl.ts'
import { planParquet } from './plan-parquet.ts'

/** A new format is one file and one line here. */
const formats = { csv: planCsv, json: planJson, jsonl: planJsonl, parquet: planParquet } satisfies Record<
  string,
  (store: Store, planId: string) => Iterable<string | Uint8Array>
>

export type ExportFormat = keyof typeof formats
export const exportFormats = Object.keys(formats) as readonly ExportFormat[]

/** A plan's data in a format for other programs, in pieces that follow each other. */
export function exportPlan(
  store: Store,
  { planId, format }: { planId: string; format: ExportFormat },
): Iterable<string | Uint8Array> {
  return formats[format](store, planId)
}
