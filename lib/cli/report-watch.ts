import { setTimeout as delay } from 'node:timers/promises'
import { plainLines } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { rebuildOnChange } from '../lab/rebuild-on-change.ts'
import { watchReport } from '../lab/watch-report.ts'
import { isIndexed, writeIndex } from '../lab/write-index.ts'
import { type Io, printJson } from './io.ts'
import type { Reported } from './reported.ts'
import { placeOf, type ReportOptions, writeReport } from './write-report.ts'

const settleMs = 150

/** Writes a report, and again whenever what it is made of changes, until Ctrl-C. What is wrong meanwhile is told, and watched on. */
export async function watchWritten({ of, store, build }: Reported, options: ReportOptions, io: Io): Promise<void> {
  let written: string | undefined
  let wrong: string | undefined
  const write = async () => {
    const built = await build(placeOf(options, io))
    // What is written beside its sources would be a change of them.
    const made = [built.text, ...built.beside.map(({ content }) => Buffer.from(content).toString('base64'))].join('\n')
    const isMended = wrong !== undefined // is told, though the report is as it was before
    wrong = undefined
    if (made === written && !isMended) return
    if (made !== written) await writeReport(built, io)
    written = made
    if (isIndexed(built.path, io)) await writeIndex(store, io)
    if (options.json) printJson(io, { report: built.path })
    else io.stdout(`${built.path}\n`)
  }
  await rebuildOnChange({
    build: () =>
      write().catch((error: unknown) => {
        const message = mistake(error)
        if (message !== wrong) io.stderr(`benchbook: ${plainLines(message)}\n`) // a store changes often while it is written
        wrong = message
      }),
    watch: (onChange) => watchReport(io.cwd, of === 'plan' ? { store: store.file } : 'published', onChange),
    settle: () => delay(settleMs),
    told: io.whenTold(),
  })
}

/** A mistake in a file is put right while it is watched; a bug is not. */
function mistake(error: unknown): string {
  if (!(error instanceof UserError)) throw error
  return error.message
}
