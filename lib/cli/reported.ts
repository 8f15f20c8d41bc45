import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPublished } from '../lab/build-published.ts'
import { buildReport, type Destination } from '../lab/build-report.ts'
import type { BuiltReport } from '../lab/built-report.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { type CheckedPost, checkedPost } from '../lab/publish-post.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import type { Io } from './io.ts'
import type { ReportOptions } from './write-report.ts'

/** What a report is made of: a plan of the store, or figures that others have published, which the store is to keep. */
export type Reported = Disposable & {
  of: 'plan' | 'published'
  store: Store
  /** Makes it of what its files say now. */
  build: (place: Destination) => Promise<BuiltReport>
}

/** Opens what `what` names: a plan's id, or an experiment file. What is only checked is kept nowhere. */
export async function openReported(what: string, options: ReportOptions, io: Io): Promise<Reported> {
  const post = isFile(what) ? await checkedPost(what, io) : undefined
  if (post !== undefined) return openPublished({ file: what, first: post }, options, io)
  const store = openLabStore(options, io, 'read')
  const build = (place: Destination) => buildReport(store, planNamed(store, what, io), place)
  return { of: 'plan', store, build, [Symbol.dispose]: () => store[Symbol.dispose]() }
}

const isFile = (what: string) => /\.(ya?ml|json)$/.test(what)

type Named = {
  file: string
  /** What it is now: made of once, and read again where it is made again. */
  first: CheckedPost | undefined
}

function openPublished(named: Named, options: ReportOptions, io: Io): Reported {
  const { file } = named
  const scratch = options.check ? mkdtempSync(join(tmpdir(), 'benchbook-check-')) : undefined
  const store =
    scratch === undefined
      ? openLabStore(options, io, 'write')
      : openStore({ file: join(scratch, 'posts.db'), mode: 'write' })
  const build = async (place: Destination) => {
    const checked = named.first ?? (await checkedPost(file, io))
    named.first = undefined
    if (checked !== undefined) return buildPublished(store, { file, checked }, place)
    return buildReport(store, planNamed(store, file, io), place)
  }
  const dispose = () => {
    store[Symbol.dispose]()
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true })
  }
  return { of: 'published', store, build, [Symbol.dispose]: dispose }
}
