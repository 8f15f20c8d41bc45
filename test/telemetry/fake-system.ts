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

type Ticks = readonly [user: number, system: number, childUser: number, childSystem: number]
type Place = { group?: number; session?: number; started?: number }

/** `/proc/PID/stat` of a process whose name tries to look like the end of its name. */
export function statLine(pid: number, parent: number, ticks: Ticks, place: Place = {}): string {
  const { group = 1, session = 1, started = 12345 } = place
  return `${pid} (a) b (c) S ${parent} ${group} ${session} 0 -1 4194560 100 0 0 0 ${ticks.join(' ')} 20 0 7 0 ${started} 1000000 500 18446744073709551615`
}

/** The files of processes. */
export function processes(
  rows: readonly ({ pid: number; parent: number; ticks?: number; ofChildren?: number } & Place)[],
): Record<string, string> {
  const files = rows.map(({ pid, parent, ticks = 0, ofChildren = 0, ...place }) => {
    return [`/proc/${pid}/stat`, statLine(pid, parent, [ticks, 0, ofChildren, 0], place)]
  })
  return Object.fromEntries(files)
}

/** Three fifths of it in no file, and half of the rest mapped by another process too. */
export const rollup = (rssKb: number, pssKb: number) =>
  `5638eba9f000-7ffe76cb4000 ---p 00000000 00:00 0                          [rollup]\nRss:       ${rssKb} kB\nPss:        ${pssKb} kB\nPss_Dirty:     1 kB\nPss_Anon:     ${pssKb - 200} kB\nPss_File:     150 kB\nPss_Shmem:     50 kB\nAnonymous:      ${rssKb - 400} kB\n`
export const status = (rssKb: number) =>
  `Name:\tengine\nVmPeak:\t99 kB\nVmRSS:\t   ${rssKb} kB\nRssAnon:\t  ${rssKb - 390} kB\nRssFile:\t  350 kB\nRssShmem:\t  40 kB\nThreads:\t2\n`
