import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../store/example.ts'
import type { Figure } from './bound.ts'
import { makeLargeStore } from './large-store.ts'

const requests = 1_000_000
const child = fileURLToPath(new URL('export-child.ts', import.meta.url))

/** A million requests as Parquet and as JSON Lines: how long it takes, and how much memory. */
export async function exportRows(): Promise<Figure[]> {
  using folder = temporaryFolder()
  const planId = makeLargeStore(folder.at('lab.db'), requests)
  return (['parquet', 'jsonl'] as const).flatMap((format): Figure[] => {
    const args = [child, folder.at('lab.db'), planId, format, folder.at(`x.${format}`)]
    const said = execFileSync(process.execPath, args, { encoding: 'utf8' })
    const { seconds, peakBytes } = JSON.parse(said) as { seconds: number; peakBytes: number }
    const what = `a million requests as ${format}`
    return [
      { what, value: seconds, unit: 's', limit: { atMost: 60 } },
      { what: `${what}, peak memory`, value: peakBytes / 2 ** 20, unit: 'MiB', limit: { atMost: 512 } },
    ]
  })
}
