import { constants, type Stats } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import type { Checked, Problem } from './problem.ts'
import { decodeText, type SourceText } from './source-text.ts'

/** What to read: `file` is the name that problems carry, `path` where it is; longer than `maxBytes` is refused. */
export type SourceFile = { file: string; path: string; maxBytes: number }

/** Reads a text file from outside, in whole; what is not a readable regular file of UTF-8 text is a problem. */
export async function readSource({ file, path, maxBytes }: SourceFile): Promise<Checked<SourceText>> {
  return opened(file, async () => {
    const facts = await stat(path) // before opening: opening a pipe would wait for its writer
    if (!facts.isFile()) return failed(file, notRegular(facts))
    if (facts.size > maxBytes)
      return failed(file, `has ${facts.size} bytes, more than the ${maxBytes} that are read: split it`)
    return decodeText(file, await readFile(path))
  })
}

/** Why a file is not one that can be read; `undefined` where it is. */
export async function openingProblem({ file, path }: Omit<SourceFile, 'maxBytes'>): Promise<Problem | undefined> {
  const looked = await opened(file, async () => {
    const facts = await stat(path)
    if (!facts.isFile()) return failed(file, notRegular(facts))
    await access(path, constants.R_OK)
    return { status: 'ok', value: undefined }
  })
  return looked.status === 'failed' ? looked.problems[0] : undefined
}

const failed = (file: string, message: string): Checked<never> => ({
  status: 'failed',
  problems: [{ place: { file }, message }],
})
const notRegular = (facts: Stats) => (facts.isDirectory() ? folder : 'is not a regular file: name another')

/** What the system refuses is a problem of the file. */
async function opened<T>(file: string, work: () => Promise<Checked<T>>): Promise<Checked<T>> {
  try {
    return await work()
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
    if (reason === undefined) throw error
    return failed(file, reason)
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
