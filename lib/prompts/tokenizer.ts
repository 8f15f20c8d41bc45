import { createHash } from 'node:crypto'
import type { ReadTokenizer, Tokenizer } from '../domain/tokenizer.ts'
import type { Checked } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'

const maxTokenizerBytes = 256 * 1_048_576

/** The one of the name `words`. */
export const wordTokenizer: Tokenizer = {
  count(text) {
    let words = 0
    for (const _ of text.matchAll(/\S+/g)) words += 1
    return words
  },
}

/** Reads a `tokenizer.json`; what is none is a problem of the file as a whole. */
export async function readTokenizer({ file, path }: { file: string; path: string }): Promise<Checked<ReadTokenizer>> {
  const source = await readSource({ file, path, maxBytes: maxTokenizerBytes })
  if (source.status === 'failed') return source
  const { text } = source.value
  try {
    const tokenizer = await tokenizerOf(JSON.parse(text) as object)
    tokenizer.count('One text, so that a part that is missing is found here.')
    return { status: 'ok', value: { tokenizer, digest: createHash('sha256').update(text).digest('hex') } }
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unknown'
    const message = `is no tokenizer.json that can be used (${why}): name one as Hugging Face's tokenizers write it`
    return { status: 'failed', problems: [{ place: { file }, message }] }
  }
}

// Loaded only where a file is named: every launch passes here.
async function tokenizerOf(content: object): Promise<Tokenizer> {
  const { Tokenizer: FileTokenizer } = await import('@huggingface/tokenizers')
  const tokenizer = new FileTokenizer(content, {})
  return { count: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length }
}
