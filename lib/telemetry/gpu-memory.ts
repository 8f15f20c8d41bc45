import { startProcess } from '../shell/start-process.ts'

/** Watches the memory that processes hold on NVIDIA GPUs. */
export type GpuMemory = AsyncDisposable & {
  /** What these processes hold together, on all GPUs, as the driver says; `undefined` while it has named none of them. */
  usedBytes: (pids: readonly number[]) => number | undefined
}
type Options = {
  /** Monotonic. */
  nowMs: () => number
  intervalMs: number
  start?: (argv: readonly [string, ...string[]]) => { lines: AsyncIterable<string>; stop: () => Promise<unknown> }
}

const mebibyte = 1024 * 1024
/** Times that a process may be missing from the driver's list before it counts as gone. */
const missedRounds = 4

/**
 * Starts one `nvidia-smi` that says again and again what each process holds; where there is none, nothing is ever known.
 * Inside a container the driver's process numbers may be the host's, and then none is ours.
 */
export function watchGpuMemory({ nowMs, intervalMs, start = startQuietly }: Options): GpuMemory {
  const child = start([
    'nvidia-smi',
    '--query-compute-apps=gpu_uuid,pid,used_memory',
    '--format=csv,noheader,nounits',
    `--loop-ms=${intervalMs}`,
  ])
  const seen = new Map<string, { pid: number; bytes: number; atMs: number }>()
  const reading = (async () => {
    for await (const line of child.lines) {
      const entry = parseLine(line)
      if (entry !== undefined) seen.set(entry.key, { ...entry, atMs: nowMs() })
    }
  })().catch(() => {}) // what was seen grows old, and then is unknown
  const isFresh = (atMs: number) => nowMs() - atMs <= missedRounds * intervalMs
  return {
    usedBytes: (pids) => {
      const ours = [...seen.values()].filter(({ pid, atMs }) => pids.includes(pid) && isFresh(atMs))
      return ours.length === 0 ? undefined : ours.reduce((sum, { bytes }) => sum + bytes, 0)
    },
    [Symbol.asyncDispose]: async () => {
      await child.stop()
      await reading
    },
  }
}

const startQuietly: NonNullable<Options['start']> = (argv) => startProcess(argv, { stderr: 'ignore' })

/** `GPU-1f2e, 4242, 512`: in MiB. Where the driver does not know it writes `[N/A]`. */
function parseLine(line: string): { key: string; pid: number; bytes: number } | undefined {
  const [gpu, pid, used] = line.split(',').map((field) => field.trim())
  if (pid === undefined || used === undefined || !/^\d+$/.test(pid) || !/^\d+$/.test(used)) return undefined
  return { key: `${gpu} ${pid}`, pid: Number(pid), bytes: Number(used) * mebibyte }
}
