import { placeName, type Problem } from '../parse/problem.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { settingAt, valueAt, type Setting } from './setting.ts'

const kinds = ['models', 'backends', 'hardware', 'workloads'] as const
export type CatalogueKind = (typeof kinds)[number]

/** The entries that names stand for, by kind and name. */
export type Catalogue = Readonly<Record<CatalogueKind, ReadonlyMap<string, Setting>>>

/** A checked document with entries, and whose it is. */
export type CatalogueSource = { document: SourceDocument; from: 'built-in' | 'lab' | 'file' }

/**
 * Merges catalogues, lowest precedence first: an entry replaces the one of the same name below it, whole. Two entries of one
 * name at the same level are a problem.
 */
export function mergeCatalogues(sources: readonly CatalogueSource[]): { catalogue: Catalogue; problems: Problem[] } {
  const problems: Problem[] = []
  const catalogue = {
    models: new Map<string, Setting>(),
    backends: new Map<string, Setting>(),
    hardware: new Map<string, Setting>(),
    workloads: new Map<string, Setting>(),
  }
  for (const { kind, name, setting } of sources.flatMap(entriesOf)) {
    const below = catalogue[kind].get(name)
    if (below?.from === setting.from) {
      const message = `${kind}.${name} is there twice: it is at ${placeName(below.place())} as well`
      problems.push({ place: setting.place([], 'key'), message })
    }
    catalogue[kind].set(name, setting)
  }
  return { catalogue, problems }
}

type Entry = { kind: CatalogueKind; name: string; setting: Setting }

function entriesOf({ document, from }: CatalogueSource): Entry[] {
  const named = kinds.flatMap((kind) =>
    Object.keys(valueAt(document.value, [kind]) ?? {}).map((name) => ({
      kind,
      name,
      setting: settingAt(document, [kind, name], from),
    })),
  )
  // `workload:` in place of `workloads:` goes by its kind.
  const only = valueAt(document.value, ['workload', 'kind'])
  if (typeof only !== 'string') return named
  return [...named, { kind: 'workloads', name: only, setting: settingAt(document, ['workload'], from) }]
}
