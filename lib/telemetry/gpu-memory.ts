import {
  fieldsOf,
  isCardId,
  type LineSource,
  missedRounds,
  numberOf,
  startQuietly,
  type StartLines,
} from './gpu-lines.ts'

/** Watches the memory that processes hold on NVIDIA GPUs. */
export type GpuMemory = AsyncDisposable & {
  /** What these processes hold together, on all GPUs, as the driver says; `undefined` while it has named none of them. */
  usedBytes: (pids: readonly number[]) => number | undefined
  /** The cards on which it has named them. */
  cardsOf: (pids: readonly number[]) => ReadonlySet<string>
}
export type GpuWatchOptions = {
  /** Monotonic. */
  nowMs: () => number
  intervalMs: number
  start?: StartLines
}

const mebibyte = 1024 * 1024

/**
 * Starts one `nvidia-smi` that says again and again what each process holds; where there is none, nothing is ever known.
 * Inside a container the driver's process numbers may be the host's, and then none is ours.
 */
export function watchGpuMemory({ nowMs, intervalMs, start = startQuietly }: GpuWatchOptions): GpuMemory {
  const child: LineSource = start([
    'nvidia-smi',
    '--query-compute-apps=pid,used_memory,gpu_uuid',
    '--format=csv,noheader,nounits',
    `--loop-ms=${intervalMs}`,
  ])
  const seen = new Map<string, { pid: number; card: string; bytes: number | undefined; atMs: number }>()
  const reading = (async () => {
    for await (const line of child.lines) {
      const entry = parseLine(line)
      if (entry !== undefined) seen.set(`${entry.card} ${entry.pid}`, { ...entry, atMs: nowMs() })
    }
  })().catch(() => {}) // what was seen grows old, and then is unknown
  const isFresh = (atMs: number) => nowMs() - atMs <= missedRounds * intervalMs
  const ours = (pids: readonly number[]) =>
    [...seen.values()].filter(({ pid, atMs }) => pids.includes(pid) && isFresh(atMs))
  return {
    usedBytes: (pids) => {
      const known = ours(pids).flatMap(({ bytes }) => bytes ?? [])
      return known.length === 0 ? undefined : known.reduce((sum, bytes) => sum + bytes, 0)
    },
    cardsOf: (pids) => new Set(ours(pids).map(({ card }) => card)),
    [Symbol.asyncDispose]: async () => {
      await child.stop()
      await reading
    },
  }
}

/** `4242, 512, GPU-1f2e…`: in MiB. Where the driver does not know how much it is, it knows the card all the same. */
function parseLine(line: string): { pid: number; card: string; bytes: number | undefined } | undefined {
  const [pid, used, card, ...more] = fieldsOf(line)
  const number = numberOf(pid)
  if (number === undefined || !isCardId(card) || more.length > 0) return undefined
  const mebibytes = numberOf(used)
  return { pid: number, card, bytes: mebibytes === undefined ? undefined : mebibytes * mebibyte }
}
