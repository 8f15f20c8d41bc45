import type { MemorySample } from '../domain/record.ts'
import type { SystemView } from './system-view.ts'

type DarwinSample = Pick<MemorySample, 'rssBytes' | 'cpuSeconds' | 'processes'>
type Row = { pid: number; parent: number; group: number; kilobytes: number; seconds: number }

/** What `ps` on macOS says of a process, all that descends from it and the group that it leads; nothing where they are gone. */
export async function darwinSampleOf(root: number, run: SystemView['run']): Promise<DarwinSample> {
  const { stdout } = await run(['ps', '-axo', 'pid=,ppid=,pgid=,rss=,time='])
  const rows = stdout.split('\n').flatMap(parseRow)
  const tree = new Set(rows.filter(({ pid, group }) => pid === root || group === root))
  for (const { pid } of tree) for (const row of rows) if (row.parent === pid) tree.add(row)
  if (tree.size === 0) return {}
  const sum = (of: (row: Row) => number) => [...tree].reduce((all, row) => all + of(row), 0)
  return {
    rssBytes: sum(({ kilobytes }) => kilobytes) * 1024,
    cpuSeconds: sum(({ seconds }) => seconds),
    processes: tree.size,
  }
}

/** `  10     1    10  4000   1:02.50`: its time is minutes and seconds, or days and hours before them. */
function parseRow(line: string): Row[] {
  const [pid, parent, group, kilobytes, time] = line.trim().split(/\s+/)
  const seconds = (time ?? '').split(/[-:]/).reduce((sum, part, i, all) => {
    const isHours = all.length - i === 3 && (time ?? '').includes('-')
    return sum * (isHours ? 24 : 60) + Number(part)
  }, 0)
  const row = { pid: Number(pid), parent: Number(parent), group: Number(group), kilobytes: Number(kilobytes), seconds }
  return line.trim() !== '' && Object.values(row).every(Number.isFinite) ? [row] : []
}
