import type { FileView, SystemView } from '../../lib/telemetry/system-view.ts'

/** A system that shows exactly these files; a folder lists what lies in it. */
export function fakeFiles(texts: Readonly<Record<string, string>>): FileView {
  const read = (path: string) => texts[path]
  const list = (folder: string) => {
    const prefix = folder.endsWith('/') ? folder : `${folder}/`
    const inside = Object.keys(texts).filter((path) => path.startsWith(prefix))
    return [...new Set(inside.map((path) => path.slice(prefix.length).split('/')[0] as string))]
  }
  return { read, readLater: async (path) => read(path), list }
}

/** Answers each program with what it prints; a program without an answer is missing. */
export function fakeRun(answers: Readonly<Record<string, string | number>> = {}): SystemView['run'] {
  return async ([program]) => {
    const answer = answers[program]
    if (answer === undefined) return { code: 127, stdout: '' }
    return typeof answer === 'number' ? { code: answer, stdout: '' } : { code: 0, stdout: answer }
  }
}

export function fakeSystem(texts: Readonly<Record<string, string>>, changes: Partial<SystemView> = {}): SystemView {
  return {
    files: fakeFiles(texts),
    run: fakeRun(),
    platform: 'linux',
    arch: 'x64',
    os: 'Linux 6.1.0',
    cpuModel: undefined,
    availableCores: 8,
    memoryBytes: 16e9,
    freeMemoryBytes: () => 9e9,
    loadAverage: () => 0.5,
    ...changes,
  }
}

/** `/proc/PID/stat` of a process whose name tries to look like the end of its name. */
export function statLine(pid: number, parent: number, ticks: readonly [number, number, number, number]): string {
  return `${pid} (a) b (c) S ${parent} 1 1 0 -1 4194560 100 0 0 0 ${ticks.join(' ')} 20 0 7 0 12345 1000000 500 18446744073709551615`
}

/** The files of processes: number, parent, and for each thread its children. */
export function processes(
  rows: readonly { pid: number; parent: number; threads?: readonly (readonly number[])[]; ticks?: number }[],
): Record<string, string> {
  const files: Record<string, string> = {}
  for (const { pid, parent, threads, ticks = 0 } of rows) {
    files[`/proc/${pid}/stat`] = statLine(pid, parent, [ticks, 0, 0, 0])
    for (const [thread, children] of threads?.entries() ?? [])
      files[`/proc/${pid}/task/${pid + thread}/children`] = children.map((child) => `${child} `).join('')
  }
  return files
}

export const rollup = (rssKb: number, pssKb: number) =>
  `5638eba9f000-7ffe76cb4000 ---p 00000000 00:00 0                          [rollup]\nRss:       ${rssKb} kB\nPss:        ${pssKb} kB\nPss_Anon:     1 kB\n`
export const status = (rssKb: number) => `Name:\tengine\nVmPeak:\t99 kB\nVmRSS:\t   ${rssKb} kB\nThreads:\t2\n`
