import { quantizedTypes } from '../domain/quantized-type.ts'
import { quote } from '../parse/quote.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import { catalogueOf, type Axis } from './axes.ts'
import type { Catalogue } from './catalogue.ts'
import type { Point } from './grid.ts'
import { nameKeys, type NameKey } from './paths.ts'
import type { ProblemList } from './problem-list.ts'
import type { SetArgument } from './set-argument.ts'
import { settingBelow, valueAt, type Setting } from './setting.ts'

/** A name, and what says so; `setting` is absent where it is the default. */
export type Choice = { name: string; setting?: Setting }
export type Choices = Partial<Record<NameKey, Choice>>

type Context = {
  document: SourceDocument
  axes: readonly Axis[]
  sets: readonly SetArgument[]
  catalogue: Catalogue
  problems: ProblemList
}

const defaults: Partial<Record<NameKey, string>> = { backend: 'llama.cpp', hardware: 'local' }

/**
 * Says which entries a cell names: by an axis, else by `--set`, else the sole entry of the file, else the default; a
 * quantization is else the model's sole one. What that leaves open is absent, and a problem.
 */
export function nameChooser(context: Context): (point: Point) => Choices {
  const settled = nameKeys.map((name) => ({ name, choose: chooserOf(name, context) }))
  return (point) => {
    const choices: Choices = {}
    for (const { name, choose } of settled) {
      const choice = choose(point, choices.model?.name)
      if (choice !== undefined) choices[name] = choice
    }
    return choices
  }
}

type Chooser = (point: Point, model: string | undefined) => Choice | undefined

function chooserOf(name: NameKey, context: Context): Chooser {
  const position = context.axes.findIndex((axis) => axis.key === name)
  const set = context.sets.find((argument) => argument.key === name)?.setting
  const settingFor = (point: Point) => (position >= 0 ? point.values[position]?.setting : set)
  if (name === 'quantization') return (point, model) => quantizationOf(model, settingFor(point), context)
  const unsaid = position >= 0 || set !== undefined ? undefined : soleOrDefault(name, context)
  const entries = context.catalogue[catalogueOf[name]]
  return (point) => {
    const setting = settingFor(point)
    if (setting === undefined) return unsaid
    // What is not in the catalogue has been told where it was written.
    return typeof setting.value === 'string' && entries.has(setting.value)
      ? { name: setting.value, setting }
      : undefined
  }
}

function soleOrDefault(name: Exclude<NameKey, 'quantization'>, { catalogue, ...context }: Context): Choice | undefined {
  const entries = [...catalogue[catalogueOf[name]]]
  const inFile = entries.filter(([, entry]) => entry.from === 'file')
  const [sole] = inFile
  if (inFile.length === 1 && sole !== undefined) return { name: sole[0], setting: sole[1] }
  const unsaid = defaults[name]
  if (inFile.length === 0 && unsaid !== undefined) return { name: unsaid }
  const known = (inFile.length > 0 ? inFile : entries).map(([key]) => key)
  const isServed = name === 'model' && [...catalogue.backends.values()].some(isServer)
  const served = isServed ? '; one of a server is models: { mine: { artifacts: { any: { served: NAME } } } }' : ''
  const message = `which ${name}? Write an axis, such as ${name}: [${known.slice(0, 5).join(', ')}]${served}`
  context.problems.add(context.document.place(['axes'], 'key'), message)
  return undefined
}

/** One that the file has, which has no models but those that the file names. */
const isServer = ({ from, value }: Setting) => from === 'file' && valueAt(value, ['kind']) === 'openai'

function quantizationOf(
  model: string | undefined,
  setting: Setting | undefined,
  { catalogue, document, problems }: Context,
): Choice | undefined {
  const entry = catalogue.models.get(model ?? '')
  if (model === undefined || entry === undefined) return undefined
  const known = Object.keys(valueAt(entry.value, ['artifacts']) ?? {})
  const [sole] = known
  if (setting === undefined) {
    if (known.length === 1 && sole !== undefined)
      return { name: sole, setting: settingBelow(entry, ['artifacts', sole]) }
    const message = `which quantization of ${quote(model)}? Write an axis: quantization: [${known.join(', ')}]`
    problems.add(document.place(['axes'], 'key'), message)
    return undefined
  }
  const { value } = setting
  if (typeof value !== 'string') return undefined
  if (known.includes(value)) return { name: value, setting }
  const has = known.length === 0 ? 'no artifacts' : known.join(', ')
  const message = `model ${quote(model)} has no ${quote(value)}: it has ${has}`
  const from = known.find((each) => /^(bf16|f16|f32)$/.test(each))
  const made = from !== undefined && quantizedTypes.some((type) => type === value)
  const such = made ? `, such as ${value}: { quantize: { from: ${from} } }` : ''
  problems.addFor(setting, `${message}; exclude the pair, or add an artifact to the model${such}`)
  return undefined
}
