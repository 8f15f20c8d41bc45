import type { Store } from '../store/store.ts'
import { packedBundle } from './plan-bundle.ts'
import { planCsv } from './plan-csv.ts'
import { planJson } from './plan-json.ts'
import { planJsonl } from './plan-jsonl.ts'
import { planParquet } from './plan-parquet.ts'

/** A new format is one file and one line here. */
const formats = {
  csv: planCsv,
  json: planJson,
  jsonl: planJsonl,
  parquet: planParquet,
  bundle: (store, planId, texts) => packedBundle(store, { planId, texts }),
} satisfies Record<string, (store: Store, planId: string, texts: Texts) => Iterable<string | Uint8Array>>

type Texts = 'all' | 'digests'

export type ExportFormat = keyof typeof formats
export const exportFormats = Object.keys(formats) as readonly ExportFormat[]

/**
 * A plan's data in a format for other programs, or as a bundle for another benchbook, in pieces that follow each other. `texts`: of a
 * bundle, whether what was asked and answered is in it, or the digests of that.
 */
export function exportPlan(
  store: Store,
  { planId, format, texts = 'all' }: { planId: string; format: ExportFormat; texts?: Texts },
): Iterable<string | Uint8Array> {
  return formats[format](store, planId, texts)
}
