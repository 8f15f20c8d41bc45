import type { FileView } from './system-view.ts'

export type ProcessMemory = {
  rssBytes?: number
  /** Resident, shared pages counted by their share. */
  pssBytes?: number
}

/**
 * Memory of processes together. With `rollup` both sums are exact and the kernel walks all their pages (some 8 ms for each
 * GB); without, only the resident memory is read, which costs microseconds and may lag by some pages. A sum that lacks a
 * living process is absent.
 */
export async function memoryOf(
  pids: readonly number[],
  files: FileView,
  detail: 'rollup' | 'status',
): Promise<ProcessMemory> {
  const all = await Promise.all(pids.map((pid) => memoryOfOne(pid, files, detail)))
  const living = all.filter((memory) => memory !== undefined)
  if (living.length === 0) return {}
  const rssBytes = total(living.map((memory) => memory.rssBytes))
  const pssBytes = total(living.map((memory) => memory.pssBytes))
  return { ...(rssBytes !== undefined && { rssBytes }), ...(pssBytes !== undefined && { pssBytes }) }
}

/** `undefined` for a process that is gone. */
async function memoryOfOne(
  pid: number,
  files: FileView,
  detail: 'rollup' | 'status',
): Promise<ProcessMemory | undefined> {
  const rollup = detail === 'rollup' ? await files.readLater(`/proc/${pid}/smaps_rollup`) : undefined
  const rssBytes = bytesIn(rollup, 'Rss')
  const pssBytes = bytesIn(rollup, 'Pss')
  if (rssBytes !== undefined && pssBytes !== undefined) return { rssBytes, pssBytes }
  const status = files.read(`/proc/${pid}/status`)
  if (status === undefined) return undefined
  // A process that has ended and was not waited for yet has no memory and no such line.
  const resident = bytesIn(status, 'VmRSS')
  return resident === undefined ? { rssBytes: 0, pssBytes: 0 } : { rssBytes: resident }
}

/** The line `key:   123 kB`. */
function bytesIn(text: string | undefined, key: string): number | undefined {
  const kilobytes = text?.match(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm'))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

function total(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0)
}
