import type { MemorySample } from '../domain/record.ts'
import type { FileView } from './system-view.ts'

const fields = ['rssBytes', 'anonBytes', 'fileBytes', 'pssBytes', 'pssAnonBytes', 'pssFileBytes'] as const
export type ProcessMemory = Pick<MemorySample, (typeof fields)[number]>

/**
 * Memory of processes together. With `rollup` all sums are exact and the kernel walks all their pages (some 8 ms for each
 * GB); without, only the resident memory and its parts are read, which costs microseconds and may lag by some pages. A sum
 * that lacks a living process is absent.
 */
export async function memoryOf(
  pids: readonly number[],
  files: FileView,
  detail: 'rollup' | 'status',
): Promise<ProcessMemory> {
  const all = await Promise.all(pids.map((pid) => memoryOfOne(pid, files, detail)))
  const living = all.filter((memory) => memory !== undefined)
  if (living.length === 0) return {}
  const sums = fields.map((field) => [field, total(living.map((memory) => memory[field]))] as const)
  return Object.fromEntries(sums.filter(([, bytes]) => bytes !== undefined))
}

/** `undefined` for a process that is gone. */
async function memoryOfOne(
  pid: number,
  files: FileView,
  detail: 'rollup' | 'status',
): Promise<ProcessMemory | undefined> {
  const rollup = detail === 'rollup' ? await files.readLater(`/proc/${pid}/smaps_rollup`) : undefined
  const shared = rollup === undefined ? undefined : ofRollup(rollup)
  if (shared?.rssBytes !== undefined && shared.pssBytes !== undefined) return shared
  const status = files.read(`/proc/${pid}/status`)
  return status === undefined ? undefined : ofStatus(status)
}

/** Older kernels do not tell the kinds of pages apart. */
function ofRollup(text: string): ProcessMemory {
  const bytes = bytesByKey(text)
  const [rss, anon] = [bytes.get('Rss'), bytes.get('Anonymous')]
  return withoutAbsent({
    rssBytes: rss,
    anonBytes: anon,
    fileBytes: total([rss, anon === undefined ? undefined : -anon]),
    pssBytes: bytes.get('Pss'),
    pssAnonBytes: bytes.get('Pss_Anon'),
    pssFileBytes: total([bytes.get('Pss_File'), bytes.get('Pss_Shmem')]),
  })
}

/** Of `VmRSS`, `RssAnon`, `RssFile` and `RssShmem`, of up to 26 characters each. */
const statusChars = 120

function ofStatus(text: string): ProcessMemory {
  // The four lines that are wanted come together: the others would take longer to read than to be written.
  const at = text.indexOf('VmRSS:')
  // A process that has ended and was not waited for yet has no memory and no such line.
  if (at === -1) return Object.fromEntries(fields.map((field) => [field, 0]))
  const bytes = bytesByKey(text.slice(at, at + statusChars))
  return withoutAbsent({
    rssBytes: bytes.get('VmRSS'),
    anonBytes: bytes.get('RssAnon'),
    fileBytes: total([bytes.get('RssFile'), bytes.get('RssShmem')]),
  })
}

/** The lines `key:   123 kB`. */
function bytesByKey(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^(\w+):\s+(\d+) kB$/gm)
  return new Map([...lines].map(([, key, kilobytes]) => [key as string, Number(kilobytes) * 1024]))
}

const withoutAbsent = (memory: { [F in keyof ProcessMemory]: number | undefined }): ProcessMemory =>
  Object.fromEntries(Object.entries(memory).filter(([, bytes]) => bytes !== undefined))

function total(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0)
}
