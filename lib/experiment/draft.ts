import { quote } from '../parse/quote.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { catalogueOf, type Axis } from './axes.ts'
import type { Catalogue } from './catalogue.ts'
import type { Choices } from './choose-names.ts'
import { meets, type Names } from './condition.ts'
import type { Point } from './grid.ts'
import type { Override, PlacedLayer } from './override.ts'
import { pathHint } from './paths.ts'
import type { ProblemList } from './problem-list.ts'
import type { Layer, Unreached } from './lay-settings.ts'
import { resolveSection, type ResolvedSection } from './resolve-section.ts'
import { sectionSchemas, type SectionName } from './sections.ts'
import type { SetArgument } from './set-argument.ts'
import { settingAt, type Setting } from './setting.ts'

export type Sections = { readonly [N in SectionName]: ResolvedSection<N> }

/** A cell before its files have been looked at. */
export type Draft = { point: Point; choices: Choices; names: Names; sections: Sections }

type Context = {
  document: SourceDocument
  axes: readonly Axis[]
  overrides: readonly Override[]
  sets: readonly SetArgument[]
  catalogue: Catalogue
  problems: ProblemList
}

const sectionNames = Object.keys(sectionSchemas) as SectionName[]

/** Resolves cells part by part: every distinct part is laid together and checked once, however many cells share it. */
export class Drafter {
  /** Settings that have become part of some cell, and those by `--set` whose path some cell does not have. */
  readonly #used = new Set<Setting>()
  readonly #unreached = new Map<Setting, Unreached>()
  readonly #context: Context
  readonly #resolved = new Map<string, ResolvedSection<SectionName> | undefined>()
  readonly #axisLayers: readonly { axis: number; layer: Omit<PlacedLayer, 'setting'> }[]
  readonly #setLayers: readonly PlacedLayer[]

  constructor(context: Context) {
    this.#context = context
    this.#axisLayers = context.axes.flatMap(({ meaning }, axis) =>
      meaning.kind === 'path' ? [{ axis, layer: { section: meaning.section, path: meaning.path } }] : [],
    )
    this.#setLayers = context.sets.flatMap(({ key, meaning, setting }) =>
      meaning.kind === 'path' && !context.axes.some((axis) => axis.key === key)
        ? [{ section: meaning.section, path: meaning.path, setting }]
        : [],
    )
  }

  /** `undefined` where a name is open or a part does not fit; why is among the problems. */
  draft(point: Point, choices: Choices): Draft | undefined {
    const names = Object.fromEntries(Object.entries(choices).map(([key, { name }]) => [key, name])) as Partial<Names>
    const applied = this.#context.overrides.filter(({ conditions }) => meets(conditions, point, names))
    const sections: Partial<Record<SectionName, ResolvedSection<SectionName>>> = {}
    for (const section of sectionNames) {
      const resolved = this.#section(section, { point, names, applied })
      if (resolved !== undefined) sections[section] = resolved
    }
    const isWhole = names.quantization !== undefined && Object.keys(sections).length === sectionNames.length
    return isWhole ? { point, choices, names: names as Names, sections: sections as Sections } : undefined
  }

  /** Adds a problem for every `--set` and override that has become part of no cell; to be called after the last draft. */
  tellUnused(): void {
    const { problems, overrides, sets } = this.#context
    for (const { key, setting } of sets) {
      const found = this.#unreached.get(setting)
      if (found === undefined || this.#used.has(setting)) continue
      const why = 'why' in found ? found.why : pathHint(key) || found.hint
      problems.addFor(setting, `no cell has the path ${quote(key)}${why}`)
    }
    // With other errors about, or with axes changed by --set, an override may be idle without being wrong.
    if (!problems.isEmpty || sets.length > 0) return
    for (const { setting } of overrides.flatMap(({ layers }) => layers)) {
      if (!this.#used.has(setting)) problems.addFor(setting, 'applies to no cell', 'key')
    }
  }

  #section(section: SectionName, cell: Cell): ResolvedSection<SectionName> | undefined {
    const axisLayers = this.#axisLayers.filter(({ layer }) => layer.section === section)
    const overrides = cell.applied.filter(({ layers }) => layers.some((layer) => layer.section === section))
    const indices = axisLayers.map(({ axis }) => cell.point.values[axis]?.index).join()
    const key = `${section} ${nameOf(section, cell.names)} ${indices} ${overrides.map(({ index }) => index).join()}`
    if (this.#resolved.has(key)) return this.#resolved.get(key)
    const base = this.#base(section, cell.names)
    if (base === undefined) return undefined
    const layers = [
      { path: [], setting: base },
      ...axisLayers.map(({ axis, layer }) => ({ path: layer.path, setting: cell.point.values[axis]?.setting })),
      ...[...overrides.flatMap((override) => override.layers), ...this.#setLayers].filter(
        (layer) => layer.section === section,
      ),
    ] as Layer[]
    const resolved = this.#resolve(section, layers, cell.names)
    this.#resolved.set(key, resolved)
    return resolved
  }

  #resolve(
    section: SectionName,
    layers: readonly Layer[],
    names: Partial<Names>,
  ): ResolvedSection<SectionName> | undefined {
    const name = nameOf(section, names)
    const title = name === undefined ? section : `${section} ${quote(name)}`
    const { resolved, unreached } = resolveSection(section, { layers, title, problems: this.#context.problems })
    for (const each of unreached) this.#unreached.set(each.layer.setting, each)
    for (const { setting } of resolved?.layers ?? []) this.#used.add(setting)
    return resolved
  }

  /** What the lowest layer of a section is: an entry of a catalogue, or a part of the file. */
  #base(section: SectionName, names: Partial<Names>): Setting | undefined {
    const { catalogue, document } = this.#context
    switch (section) {
      case 'model':
      case 'backend':
      case 'hardware':
      case 'workload': {
        const entry = catalogue[catalogueOf[section]].get(names[section] ?? '')
        return section === 'model' && entry !== undefined ? withoutArtifacts(entry) : entry
      }
      case 'warmup':
        return settingAt(document, ['repeat', 'warmup'], 'file')
      case 'load':
      case 'limits':
        return settingAt(document, [section], 'file')
    }
  }
}

type Cell = { point: Point; names: Partial<Names>; applied: readonly Override[] }

function nameOf(section: SectionName, names: Partial<Names>): string | undefined {
  return section === 'load' || section === 'warmup' || section === 'limits' ? undefined : names[section]
}

/** Artifacts belong to the model's entry and are no setting of a cell: a quantization picks one. */
function withoutArtifacts(entry: Setting): Setting {
  const { artifacts: _, ...settings } = entry.value as Record<string, Setting['value']>
  return { ...entry, value: settings }
}
