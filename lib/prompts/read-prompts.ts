import { basename, extname } from 'node:path'
import type { Prompt } from '../domain/cell.ts'
import { checkItems, type Placed } from '../parse/check-value.ts'
import type { Checked } from '../parse/problem.ts'
import { promptListSchema } from '../parse/prompt-list.ts'
import { readSource } from '../parse/read-source.ts'
import { streamJsonLines, type StreamedValue } from '../parse/stream-json-lines.ts'
import type { SourceText } from '../parse/source-text.ts'
import { maxDocumentBytes, parseYaml } from '../parse/yaml-document.ts'
import type { DataSetOptions } from './data-set-item.ts'
import { PromptItems } from './prompt-items.ts'

/** A file of prompts: `file` is its name in messages, `path` where it is. */
export type PromptFile = { file: string; path: string }

const maxTextBytes = 16 * 1_048_576

/**
 * Reads a file of prompts: a list in YAML or JSON, JSON Lines (`.jsonl`, `.ndjson`) with a text, `{ id, text }` or a line of a
 * data set on each line, or in any other file one prompt per line. Ids default to `p1`, `p2`, …; equal ids are problems. Of
 * JSON Lines no more is read than is asked for.
 */
export async function readPrompts({
  file,
  path,
  ...how
}: PromptFile & DataSetOptions): Promise<Checked<readonly Prompt[]>> {
  const format = formatOf(path)
  const items = format === 'json-lines' ? await fromJsonLines({ file, path }, how) : await fromText({ file, path }, how)
  return items.status === 'failed' ? items : checkItems(promptListSchema, items.value)
}

async function fromText({ file, path }: PromptFile, how: DataSetOptions): Promise<Checked<Placed>> {
  const isDocument = formatOf(path) === 'document'
  const source = await readSource({ file, path, maxBytes: isDocument ? maxDocumentBytes : maxTextBytes })
  if (source.status === 'failed') return source
  const read: Checked<Placed> = isDocument ? parseYaml(source.value) : { status: 'ok', value: plainLines(source.value) }
  if (read.status === 'failed' || !Array.isArray(read.value.value)) return read
  const { value, place } = read.value
  const items = new PromptItems(how)
  for (const [index, each] of (value as unknown[]).entries())
    if (items.take(each, (rest, on) => place([index, ...rest], on)) === 'enough') break
  return items.checked(place([]))
}

async function fromJsonLines(named: PromptFile, how: DataSetOptions): Promise<Checked<Placed>> {
  const items = new PromptItems(how)
  const take = ({ value, place }: StreamedValue) => items.take(value, () => place)
  const problems = await streamJsonLines({ ...named, maxLineBytes: maxTextBytes, take })
  return items.checked({ file: named.file, line: 1, column: 1 }, problems)
}

/** Reads a text to be scored, whole; its id is the file's name without folders. */
export async function readText({ file, path }: PromptFile): Promise<Checked<Prompt>> {
  const source = await readSource({ file, path, maxBytes: maxTextBytes })
  if (source.status === 'failed') return source
  if (source.value.text.trim() !== '') return { status: 'ok', value: { id: basename(path), text: source.value.text } }
  return { status: 'failed', problems: [{ place: { file }, message: 'is empty: there is no text in it' }] }
}

type Format = 'document' | 'json-lines' | 'lines'

function formatOf(path: string): Format {
  const extension = extname(path).toLowerCase()
  if (['.yaml', '.yml', '.json'].includes(extension)) return 'document'
  return ['.jsonl', '.ndjson'].includes(extension) ? 'json-lines' : 'lines'
}

function plainLines(source: SourceText): Placed {
  const lines = [...source.text.matchAll(/[^\r\n]+/g)].filter(([line]) => line.trim() !== '')
  return {
    value: lines.map(([line]) => line),
    place: ([at]) => source.placeAt(lines[Number(at ?? 0)]?.index ?? 0),
  }
}
