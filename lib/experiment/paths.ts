import { nearest } from '../domain/nearest.ts'
import { z } from '../parse/schema.ts'
import { sectionSchemas, type SectionName } from './sections.ts'

/** What names an entry of a catalogue, or of a model's artifacts. */
export const nameKeys = ['model', 'quantization', 'backend', 'hardware', 'workload'] as const
export type NameKey = (typeof nameKeys)[number]

/** What a key of `axes`, `set` or `--set` means. */
export type PathMeaning =
  | { kind: 'name'; name: NameKey }
  | { kind: 'path'; section: SectionName; path: readonly string[] }
  | { kind: 'unknown'; message: string }

const isName = (key: string): key is NameKey => (nameKeys as readonly string[]).includes(key)
const isSection = (key: string): key is SectionName => Object.hasOwn(sectionSchemas, key)
const segment = /^[A-Za-z][A-Za-z0-9_-]*$/

/** Tells a name from a dotted path over the resolved cell. Whether the path's end exists is for the section's schema to say. */
export function meaningOf(key: string): PathMeaning {
  if (isName(key)) return { kind: 'name', name: key }
  const [section = '', ...path] = key.split('.')
  if (isSection(section) && path.length > 0 && path.every((step) => segment.test(step))) {
    return { kind: 'path', section, path }
  }
  return { kind: 'unknown', message: `is neither a name nor a dotted path${pathHint(key)}` }
}

/** What people try to set that is of no cell. */
const ofTheFile: readonly string[] = ['objectives', 'guards', 'compare', 'keepStreams', 'question', 'report', 'title']

/** What a key was probably meant to be; else what there is. */
export function pathHint(key: string): string {
  const known = [...nameKeys, ...knownPaths()]
  if (known.includes(key)) return ''
  const last = key.split('.').at(-1)
  const near =
    nearest(key, known) ??
    known.find((path) => key.endsWith(`.${path}`)) ??
    known.find((path) => path.split('.').at(-1) === last)
  const [first = ''] = key.split('.')
  if (isSection(key))
    return `: it has several settings, set one, such as ${known.find((path) => path.startsWith(`${key}.`))}`
  if (ofTheFile.includes(first)) return ': that is the same for all cells, change it in the file'
  if (key === 'repeat.blocks') return ': say --blocks'
  if (near !== undefined) return `, did you mean "${near}"?`
  return `: names are ${nameKeys.join(', ')}; paths begin with ${Object.keys(sectionSchemas).join(', ')}`
}

/** Every dotted path that some cell has. */
function knownPaths(): string[] {
  return Object.entries(sectionSchemas).flatMap(([section, schema]) =>
    pathsIn(z.toJSONSchema(schema, { io: 'input' }), section),
  )
}

type SchemaNode = { properties?: Record<string, SchemaNode>; oneOf?: SchemaNode[]; anyOf?: SchemaNode[] }

function pathsIn(schema: object, prefix: string): string[] {
  const { properties = {}, oneOf = [], anyOf = [] } = schema as SchemaNode
  const own = Object.entries(properties).flatMap(([key, below]) => [
    `${prefix}.${key}`,
    ...pathsIn(below, `${prefix}.${key}`),
  ])
  return [...own, ...[...oneOf, ...anyOf].flatMap((branch) => pathsIn(branch, prefix))]
}
