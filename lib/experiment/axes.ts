import { didYouMean } from '../domain/nearest.ts'
import { quote } from '../parse/quote.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Catalogue } from './catalogue.ts'
import { meaningOf, type NameKey, type PathMeaning } from './paths.ts'
import type { ProblemList } from './problem-list.ts'
import type { ExperimentFile } from './schema.ts'
import { settingAt, type Setting } from './setting.ts'

/** A value of an axis. `key` is its canonical JSON, `index` its place among the values of the axis. */
export type AxisValue = { setting: Setting; key: string; index: number }

export type Axis = {
  key: string
  meaning: Exclude<PathMeaning, { kind: 'unknown' }>
  /** By their keys: those of the file's axis, then those that only an `include` or `--set` has. */
  values: Map<string, AxisValue>
  /** Those that make the product, as they are written: one that is there twice, which is a problem, twice. */
  written: readonly AxisValue[]
}

/** Where the entries of a name are. A quantization belongs to a model and has no catalogue. */
export const catalogueOf = {
  model: 'models',
  backend: 'backends',
  hardware: 'hardware',
  workload: 'workloads',
} as const satisfies Partial<Record<NameKey, keyof Catalogue>>

const mostNamed = 20

type Context = { document: SourceDocument; catalogue: Catalogue; problems: ProblemList }

/** The axes of a file, in its order; what is wrong with a key or a value is added to the problems. */
export function readAxes(file: ExperimentFile, context: Context): Axis[] {
  return Object.entries(file.axes).flatMap(([key, written]) => {
    const meaning = meaningOf(key)
    const wrong = whyNoAxis(meaning)
    if (meaning.kind === 'unknown' || wrong !== undefined) {
      context.problems.addFor(settingAt(context.document, ['axes', key], 'axis'), wrong ?? '', 'key')
      return []
    }
    const axis: Axis = { key, meaning, values: new Map(), written: [] }
    return [Object.assign(axis, { written: [...written.keys()].map((index) => writtenValue(axis, index, context)) })]
  })
}

function whyNoAxis(meaning: PathMeaning): string | undefined {
  if (meaning.kind === 'unknown') return meaning.message
  if (meaning.kind === 'name' || meaning.section !== 'limits') return undefined
  return 'limits make no cells of their own: set them under limits, or by overrides'
}

function writtenValue(axis: Axis, index: number, context: Context): AxisValue {
  const written = settingAt(context.document, ['axes', axis.key, index], 'axis')
  const setting = { ...written, label: ['axes', axis.key] }
  return valueOf(axis, setting, context)
}

/** The value of an axis that equals a setting; a new one is added, after its name has been looked up. */
export function valueOf(axis: Axis, setting: Setting, { catalogue, problems }: Omit<Context, 'document'>): AxisValue {
  const key = canonicalJson(setting.value)
  const known = axis.values.get(key)
  if (known !== undefined) return known
  if (axis.meaning.kind === 'name') checkName(axis.meaning.name, setting, { catalogue, problems })
  const value = { setting, key, index: axis.values.size }
  axis.values.set(key, value)
  return value
}

/** Adds a problem where a setting is not the name of an entry. */
export function checkName(name: NameKey, setting: Setting, { catalogue, problems }: Omit<Context, 'document'>): void {
  const { value } = setting
  if (typeof value !== 'string') {
    problems.addFor(setting, `must be the name of a ${name}, got ${quote(value)}`)
  } else if (name !== 'quantization' && !catalogue[catalogueOf[name]].has(value)) {
    const known = [...catalogue[catalogueOf[name]].keys()]
    const hint =
      fileHint(name, value) || didYouMean(value, known) || `; there are ${known.slice(0, mostNamed).join(', ')}`
    problems.addFor(setting, `there is no ${name} ${quote(value)}${hint}`)
  }
}

/** For whoever writes a file where a model's name belongs. */
function fileHint(name: NameKey, value: string): string {
  if (name !== 'model' || !/\/|\.(gguf|safetensors)$/.test(value)) return ''
  return `: it takes names; give the file one, as in models: { mine: { artifacts: { q4_k_m: { path: ${quote(value)} } } } }`
}

/** The axis of a key; `undefined` where there is none. */
export function findAxis(key: string, axes: readonly Axis[]): Axis | undefined {
  return axes.find((axis) => axis.key === key)
}

/** What to say of a key that is no axis. */
export function noAxis(key: string, axes: readonly Axis[]): string {
  const known = axes.map((axis) => axis.key)
  const hint = didYouMean(key, known) || (known.length === 0 ? '' : `; axes here are ${known.join(', ')}`)
  return `there is no axis ${quote(key)}${hint}`
}
