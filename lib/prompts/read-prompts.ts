import { basename, extname } from 'node:path'
import type { Prompt } from '../domain/cell.ts'
import { checkDocument, type Placed } from '../parse/check-value.ts'
import { linesOf, parseJsonLines } from '../parse/json-lines.ts'
import type { Checked } from '../parse/problem.ts'
import { promptListSchema } from '../parse/prompt-list.ts'
import { readSource } from '../parse/read-source.ts'
import type { SourceText } from '../parse/source-text.ts'
import { maxDocumentBytes, parseYaml } from '../parse/yaml-document.ts'

/** A file of prompts: `file` is its name in messages, `path` where it is. */
export type PromptFile = { file: string; path: string }

const maxTextBytes = 16 * 1_048_576

/**
 * Reads a file of prompts: a list in YAML or JSON, JSON Lines (`.jsonl`, `.ndjson`) with a text or `{ id, text }` on each
 * line, or in any other file one prompt per line. Ids default to `p1`, `p2`, …; equal ids are problems.
 */
export async function readPrompts({ file, path }: PromptFile): Promise<Checked<readonly Prompt[]>> {
  const format = formatOf(path)
  const source = await readSource({ file, path, maxBytes: format === 'document' ? maxDocumentBytes : maxTextBytes })
  if (source.status === 'failed') return source
  const items = readers[format](source.value)
  return items.status === 'failed' ? items : checkDocument(promptListSchema, items.value)
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

const readers: Record<Format, (source: SourceText) => Checked<Placed>> = {
  document: parseYaml,
  'json-lines': (source) => {
    const lines = parseJsonLines(source)
    return lines.status === 'failed' ? lines : { status: 'ok', value: byLine(source, lines.value) }
  },
  lines: (source) => {
    const lines = [...linesOf(source.text)].filter(({ line }) => line.trim() !== '')
    const items = lines.map(({ offset, line }) => ({ offset, value: line }))
    return { status: 'ok', value: byLine(source, items) }
  },
}

function byLine(source: SourceText, lines: readonly { offset: number; value: unknown }[]): Placed {
  return {
    value: lines.map(({ value }) => value),
    place: ([index]) => source.placeAt(lines[Number(index ?? 0)]?.offset ?? 0),
  }
}
