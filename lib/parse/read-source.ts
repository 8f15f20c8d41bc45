import { readFile, stat } from 'node:fs/promises'
import type { Checked } from './problem.ts'
import { decodeText, type SourceText } from './source-text.ts'

/** What to read: `file` is the name that problems carry, `path` where it is; longer than `maxBytes` is refused. */
export type SourceFile = { file: string; path: string; maxBytes: number }

/** Reads a text file from outside, in whole; what is not a readable regular file of UTF-8 text is a problem. */
export async function readSource({ file, path, maxBytes }: SourceFile): Promise<Checked<SourceText>> {
  const failed = (message: string): Checked<never> => ({
    status: 'failed',
    problems: [{ place: { file }, message }],
  })
  try {
    const facts = await stat(path) // before opening: opening a pipe would wait for its writer
    if (!facts.isFile()) return failed(facts.isDirectory() ? folder : 'is not a regular file: name another')
    if (facts.size > maxBytes)
      return failed(`has ${facts.size} bytes, more than the ${maxBytes} that are read: split it`)
    return decodeText(file, await readFile(path))
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
    if (reason === undefined) throw error
    return failed(reason)
  }
}

const folder = 'is a folder, not a file: name a file in it'
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  EACCES: 'may not be read: check its permissions',
  EPERM: 'may not be read: check its permissions',
  EISDIR: folder,
  ELOOP: 'is a chain of symbolic links that does not end: take one out',
  ENAMETOOLONG: 'has a name that is too long: shorten it',
}
