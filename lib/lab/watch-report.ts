import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findLab } from './lab.ts'

/** What a report is made of besides what `reports/` has: the plans of a store, or posts' figures. */
type Sources = { store: string } | 'published'

/**
 * Calls back when what a report is made of has changed: the store or the published figures, or the posts, templates, charts, words, styles
 * and scripts of the lab and of the package. What is written into `reports/out` is not what it is made of.
 */
export function watchReport(from: string, sources: Sources, onChange: () => void): Disposable {
  const { root, packageRoot } = findLab(from)
  const roots = [...new Set([root, packageRoot])]
  const watchers = [
    ...roots.map((each) => watching(join(each, 'reports'), deep, (name) => isSource(name) && onChange())),
    // A lab may get its reports/ while it is watched.
    watching(root, {}, (name) => name === 'reports' && onChange()),
    ...(sources === 'published' ? watchedFigures(roots, onChange) : [watchedStore(sources.store, onChange)]),
  ]
  return {
    [Symbol.dispose]: () => {
      for (const watcher of watchers) watcher?.close()
    },
  }
}

const deep = { recursive: true } as const
const isSource = (name: string) => !/^out(?:[/\\]|$)/.test(name) && !name.endsWith('.draft')

/** The store keeps them too, but as they are here. */
function watchedFigures(roots: readonly string[], onChange: () => void) {
  return roots.flatMap((root) => [
    watching(join(root, 'data', 'published'), deep, onChange),
    watching(join(root, 'data'), {}, (name) => name === 'hardware.yaml' && onChange()),
    watching(join(root, 'experiments'), {}, onChange),
  ])
}

function watchedStore(file: string, onChange: () => void) {
  let seen = storeState(file)
  return watching(dirname(file), {}, (name) => {
    if (!name.startsWith(basename(file))) return
    const state = storeState(file)
    if (state !== seen) onChange()
    seen = state
  })
}

/** Whoever reads a store makes and removes the files beside it: only what is in them counts. */
function storeState(file: string): string {
  return [file, `${file}-wal`]
    .map((each) => {
      const { size = 0, mtimeMs = 0 } = statSync(each, { throwIfNoEntry: false }) ?? {}
      return size === 0 ? '' : `${size} ${mtimeMs}`
    })
    .join(', ')
}

function watching(
  folder: string,
  options: { recursive?: true },
  onName: (name: string) => void,
): FSWatcher | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
  const watcher = watch(folder, options, (_, name) => onName(name ?? ''))
  watcher.on('error', () => {}) // the folder has gone: there is nothing more to be told of it
  return watcher
}
