import type { ProcessMemory } from './process-memory.ts'
import type { SystemView } from './system-view.ts'

/** Resident memory of a process and all that descends from it, as `ps` on macOS says. */
export async function darwinMemoryOf(pid: number, run: SystemView['run']): Promise<ProcessMemory> {
  const { stdout } = await run(['ps', '-axo', 'pid=,ppid=,rss='])
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  const tree = new Set(rows.some(([process]) => process === pid) ? [pid] : [])
  for (const parent of tree) for (const [child, ppid] of rows) if (ppid === parent) tree.add(child as number)
  if (tree.size === 0) return {}
  const kilobytes = rows.reduce((sum, [process, , rss]) => sum + (tree.has(process as number) ? (rss ?? 0) : 0), 0)
  return { rssBytes: kilobytes * 1024 }
}
