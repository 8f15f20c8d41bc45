import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPublished } from '../lab/build-published.ts'
import { buildReport, type Destination } from '../lab/build-report.ts'
import type { BuiltReport } from '../lab/built-report.ts'
import { openLabStore, peekLabStore, storeFile } from '../lab/lab-store.ts'
import { planNamed, requireFile } from '../lab/plan-named.ts'
import { isExperimentFile } from '../lab/published-files.ts'
import { type CheckedPost, checkedPost, isPublishedIn } from '../lab/publish-post.ts'
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
  const post = isExperimentFile(what) ? await checkedPost(what, io) : undefined
  if (post !== undefined) return openPublished({ file: what, first: post }, options, io)
  if (isExperimentFile(what) && !existsSync(storeFile(options, io))) requireFile(what, io.cwd)
  const store = openLabStore(options, io, 'read')
  const build = (place: Destination) => buildReport(store, planNamed(store, what, io), place)
  return { of: 'plan', store, build, [Symbol.dispose]: () => store[Symbol.dispose]() }
}

/** The store that is to keep a post. One that has it already is only read: it may be read-only, or in use. */
function openKeeping(post: CheckedPost, options: ReportOptions, io: Io): Store {
  const store = options.watch ? undefined : peekLabStore(options, io)
  if (store !== undefined && isPublishedIn(store, post)) return store
  store?.[Symbol.dispose]()
  return openLabStore(options, io, 'write')
}

type Named = {
  file: string
  /** What it is now: made of once, and read again where it is made again. */
  first: CheckedPost
}

function openPublished({ file, first }: Named, options: ReportOptions, io: Io): Reported {
  const scratch = options.check ? mkdtempSync(join(tmpdir(), 'benchbook-check-')) : undefined
  const store =
    scratch === undefined
      ? openKeeping(first, options, io)
      : openStore({ file: join(scratch, 'posts.db'), mode: 'write' })
  let next: CheckedPost | undefined = first
  const build = async (place: Destination) => {
    const checked = next ?? (await checkedPost(file, io))
    next = undefined
    if (checked !== undefined) return buildPublished(store, { file, checked }, place)
    return buildReport(store, planNamed(store, file, io), place)
  }
  const dispose = () => {
    store[Symbol.dispose]()
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true })
  }
  return { of: 'published', store, build, [Symbol.dispose]: dispose }
}
