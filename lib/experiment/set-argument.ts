import type { JsonValue } from '../domain/json.ts'
import { quote } from '../parse/quote.ts'
import type { Place } from '../parse/problem.ts'
import { sourceText } from '../parse/source-text.ts'
import { parseYaml } from '../parse/yaml-document.ts'
import { checkName, findAxis, type Axis } from './axes.ts'
import type { Catalogue } from './catalogue.ts'
import { meaningOf, type PathMeaning } from './paths.ts'
import type { ProblemList } from './problem-list.ts'
import type { Setting } from './setting.ts'

/** One `--set path=value`. */
export type SetArgument = {
  key: string
  meaning: Exclude<PathMeaning, { kind: 'unknown' }>
  setting: Setting
}

type Context = { axes: readonly Axis[]; catalogue: Catalogue; problems: ProblemList }

/** Reads `--set` arguments (without the `--set`); of two with one path the last counts. The value is YAML. */
export function readSetArguments(texts: readonly string[], context: Context): SetArgument[] {
  const read = texts.flatMap((text) => readOne(text, context) ?? [])
  return [...new Map(read.map((argument) => [argument.key, argument])).values()]
}

function readOne(text: string, { axes, catalogue, problems }: Context): SetArgument | undefined {
  const place: Place = { file: `--set ${text}` }
  const equals = text.indexOf('=')
  if (equals < 1) {
    problems.add(place, 'must be a path and a value, such as --set backend.threads=2')
    return undefined
  }
  const key = text.slice(0, equals).trim()
  const meaning = meaningOf(key)
  const wrong = meaning.kind === 'unknown' ? meaning.message : whyNot(key, axes)
  if (wrong !== undefined) problems.add(place, `${quote(key)} ${wrong}`)
  const value = readValue(text.slice(equals + 1), place, problems)
  if (meaning.kind === 'unknown' || wrong !== undefined || value === undefined) return undefined
  const setting: Setting = { value, from: '--set', label: [], place: () => place }
  if (meaning.kind === 'name') checkName(meaning.name, setting, { catalogue, problems })
  return { key, meaning, setting }
}

/** What is above an axis cannot be set: its values would be overwritten. The axis itself can. */
function whyNot(key: string, axes: readonly Axis[]): string | undefined {
  if (findAxis(key, axes) !== undefined) return undefined
  const below = axes.find((axis) => axis.key.startsWith(`${key}.`) && meaningOf(key).kind === 'path')
  return below === undefined ? undefined : `would overwrite the axis ${below.key}: set what is beside it`
}

function readValue(text: string, place: Place, problems: ProblemList): JsonValue | undefined {
  const parsed = parseYaml(sourceText('value', text))
  if (parsed.status === 'failed') {
    for (const { message } of parsed.problems) problems.add(place, message)
    return undefined
  }
  if (parsed.value.value === null) problems.add(place, 'has no value: write one after the "="')
  return parsed.value.value === null ? undefined : (parsed.value.value as JsonValue)
}
