import { type Emulation, faultKinds, faultPlaces } from '../domain/emulation.ts'
import { didYouMean } from '../domain/nearest.ts'
import { emulationShape } from '../experiment/emulation-shape.ts'
import { checkValue, withPath } from '../parse/check-value.ts'
import { orThrow, type Place, type Problem, problemsError } from '../parse/problem.ts'
import { quote } from '../parse/quote.ts'
import { readSource } from '../parse/read-source.ts'
import { z } from '../parse/schema.ts'
import { sourceText } from '../parse/source-text.ts'
import { maxDocumentBytes, parseYaml, type SourceDocument } from '../parse/yaml-document.ts'
import { oneOf } from './one-of.ts'

const schema = z.strictObject({ kind: z.literal('emulator').optional(), ...emulationShape })

/** Where settings come from; what comes later counts. */
export type SettingArguments = {
  /** A file as it was given, and its absolute path. */
  config?: { file: string; path: string }
  set: readonly string[]
  fault: readonly string[]
}

/** Some value, and the place that a problem with it names. */
type Given = { value: unknown; place: Place }

/** The settings of a server; throws a `UserError` with all that is wrong with them. */
export async function emulationSettings({
  config,
  set,
  fault,
}: SettingArguments): Promise<Emulation & { given: Set<string> }> {
  const problems: Problem[] = []
  const document = config === undefined ? undefined : await readConfig(config)
  const given = new Map<string, Given>()
  for (const text of set) readSet(text, given, problems)
  const faults = fault.flatMap((text) => readFault(text, problems) ?? [])
  const fromFile = (document?.value ?? {}) as Record<string, unknown>
  const before = given.get('faults')?.value ?? fromFile['faults'] ?? []
  const value = {
    ...fromFile,
    ...Object.fromEntries([...given].map(([name, each]) => [name, each.value])),
    ...(faults.length > 0 && { faults: Array.isArray(before) ? [...before, ...faults] : before }),
  }
  const checked = checkValue(schema, value)
  if (checked.status === 'failed')
    for (const { path, on, message } of checked.findings) {
      const argument = given.get(String(path[0]))
      const place = argument?.place ?? document?.place(path, on) ?? { file: '--fault' }
      problems.push({ place, message: withPath(argument === undefined ? path : path.slice(1), message) })
    }
  if (problems.length > 0 || checked.status === 'failed') throw problemsError(problems)
  const { kind: _, ...emulation } = checked.value
  return { ...emulation, given: new Set(Object.keys(value)) }
}

async function readConfig({ file, path }: { file: string; path: string }): Promise<SourceDocument> {
  const document = orThrow(parseYaml(orThrow(await readSource({ file, path, maxBytes: maxDocumentBytes }))))
  const { value } = document
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return document
  const what = value === null ? 'is empty: it' : `is ${Array.isArray(value) ? 'a list' : quote(value)}, but`
  throw problemsError([{ place: { file }, message: `${what} must have settings such as "tokenMs: 7", one a line` }])
}

function readSet(text: string, given: Map<string, Given>, problems: Problem[]): void {
  const place = { file: `--set ${text}` }
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(0, equals)).trim()
  const known = Object.keys(emulationShape)
  if (equals < 1) problems.push({ place, message: 'must be a setting and a value, such as --set tokenMs=7' })
  else if (!known.includes(name)) {
    const hint = didYouMean(name, known) || `; there are ${known.join(', ')}`
    problems.push({ place, message: `there is no setting ${quote(name)}${hint}` })
  } else {
    const parsed = parseYaml(sourceText('value', text.slice(equals + 1)))
    if (parsed.status === 'failed') for (const { message } of parsed.problems) problems.push({ place, message })
    else given.set(name, { value: parsed.value.value, place })
  }
}

function readFault(text: string, problems: Problem[]): Emulation['faults'][number] | undefined {
  const [, kind = '', at = '', every = '1'] = /^([^@:]*)@([^@:]*)(?::([1-9]\d{0,5}))?$/.exec(text) ?? []
  const place = { file: `--fault ${text}` }
  const foundKind = faultKinds.find((each) => each === kind)
  const foundAt = faultPlaces.find((each) => each === at)
  if (foundKind !== undefined && foundAt !== undefined) return { kind: foundKind, at: foundAt, every: Number(every) }
  const why =
    kind === '' && at === ''
      ? 'must be a kind, a place and of how many requests the last, such as reset@mid-stream:10'
      : foundKind === undefined
        ? `there is no kind ${quote(kind)}${didYouMean(kind, faultKinds) || `; there are ${oneOf(faultKinds)}`}`
        : `there is no place ${quote(at)}${didYouMean(at, faultPlaces) || `; there are ${oneOf(faultPlaces)}`}`
  problems.push({ place, message: why })
  return undefined
}
