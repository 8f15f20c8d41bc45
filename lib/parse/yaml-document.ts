import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument, type Document } from 'yaml'
import type { Checked, Place } from './problem.ts'
import type { SourceText } from './source-text.ts'
import { toValue, type Fault, type YamlValue } from './yaml-value.ts'

/** YAML or JSON from outside as a plain value, and where each part of it stands. */
export type SourceDocument = {
  file: string
  value: unknown
  /** Where `path` starts; what is missing is placed where it would be. `key` points at the key instead of the value. */
  place: (path: readonly PropertyKey[], on?: 'key' | 'value') => Place
}

/** Longer text takes the parser seconds. */
export const maxDocumentBytes = 1_048_576

/**
 * Parses one YAML 1.2 document (JSON is a subset) strictly. Anchors and aliases work within a bound; directives, tags,
 * duplicate keys, `__proto__`, merge keys and leftover merge conflicts are problems.
 */
export function parseYaml(source: SourceText): Checked<SourceDocument> {
  const conflicts = conflictMarks(source.text)
  if (conflicts.length > 0) return failed(source, conflicts)
  const document = parseDocument(source.text, {
    prettyErrors: false,
    stringKeys: true,
    strict: true,
    uniqueKeys: false, // compares every key with every other one: toValue does it in linear time
    logLevel: 'error', // warnings are told as problems, not printed
  })
  const broken = syntaxFaults(document)
  if (broken.length > 0) return failed(source, broken)
  const found = toValue(document.contents)
  if (found.faults.length > 0) return failed(source, found.faults)
  const place: SourceDocument['place'] = (path, on = 'value') =>
    source.placeAt(offsetOf({ root: document.contents, targets: found.targets, path, on }))
  return { status: 'ok', value: { file: source.file, value: found.value, place } }
}

function failed({ placeAt }: SourceText, faults: readonly Fault[]): Checked<never> {
  return {
    status: 'failed',
    problems: faults.map(({ offset, message }) => ({ place: placeAt(offset), message })),
  }
}

function conflictMarks(text: string): Fault[] {
  const message = 'a leftover merge conflict: decide for one side and take the marks out'
  return [...text.matchAll(/^(?:<{7}|>{7})(?: |\r?$)/gm)].map(({ index }) => ({ offset: index, message }))
}

const inOurWords: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document starts here: keep one, without "---"',
  NON_STRING_KEY: 'a key must be text',
  TAG_RESOLVE_FAILED: 'tags ("!…") are not used here: leave it out',
  MULTILINE_IMPLICIT_KEY: 'a key is not followed by ": " (a colon and a space), or it goes on over several lines',
  RESOURCE_EXHAUSTION: 'nested too deeply',
}

function syntaxFaults(document: Document.Parsed): Fault[] {
  const found = [...document.errors, ...document.warnings]
  const exhausted = found.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  const faults = (exhausted === undefined ? found : [exhausted]).map(({ code, message, pos }) => ({
    offset: pos[0],
    message: inOurWords[code] ?? message,
  }))
  // YAML 1.1 would bring `yes` for true, octals and merge keys.
  if (document.directives.yaml.explicit) faults.unshift({ offset: 0, message: 'leave %YAML out: this is YAML 1.2' })
  return faults
}

type Sought = {
  root: unknown
  targets: YamlValue['targets']
  path: readonly PropertyKey[]
  on: 'key' | 'value'
}

/** How far `path` can be followed, as an offset. */
function offsetOf({ root, targets, path, on }: Sought): number {
  const through = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node)
  let node = through(root)
  let offset = startOf(node) ?? 0
  for (const [depth, step] of path.entries()) {
    const child = childOf(node, step)
    const last = depth === path.length - 1
    offset = startOf(last && on === 'key' ? child?.key : child?.value) ?? startOf(child?.key) ?? offset
    node = through(child?.value)
    if (child === undefined) break
  }
  return offset
}

function childOf(node: unknown, step: PropertyKey): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node)) return { value: node.items[Number(step)] }
  if (!isMap(node)) return undefined
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)
