import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../domain/user-error.ts'
import { orThrow } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import { parsePost, type PostSource } from './post-source.ts'
import { packagedReports } from './template-files.ts'

const maxFileBytes = 1_048_576

/**
 * The post of an experiment in a language: `NAME.LANGUAGE.md` or `NAME.md` in `reports/posts` of the lab, else of the package; where there
 * is none `default.LANGUAGE.md`, which fits every plan, or `published.LANGUAGE.md`, which fits all published figures. Throws a `UserError` with all that is wrong with the file.
 */
export async function loadPost(
  labRoot: string,
  { name, language, otherwise = 'default' }: { name: string; language: string; otherwise?: 'default' | 'published' },
): Promise<PostSource> {
  const files = [`${name}.${language}.md`, `${name}.md`]
  const defaults = [`${otherwise}.${language}.md`, `${otherwise}.md`, `${otherwise}.en.md`]
  const folders = [join(labRoot, 'reports'), packagedReports]
  for (const file of [...files, ...defaults].flatMap((each) =>
    folders.map((folder) => ({ folder, file: `posts/${each}` })),
  )) {
    const found = await read(file)
    if (found === undefined) continue
    const isMissed = file.file.startsWith(`posts/${otherwise}.`) && existsSync(join(labRoot, 'reports', 'posts'))
    return isMissed ? { ...found, insteadOf: `reports/posts/${name}.md` } : found
  }
  throw new UserError(`reports/posts/${otherwise}.en.md is not there: install benchbook again`)
}

async function read({ folder, file }: { folder: string; file: string }): Promise<PostSource | undefined> {
  const shown = `reports/${file}`
  const path = join(folder, file)
  const source = await readSource({ file: shown, path, maxBytes: maxFileBytes })
  if (source.status === 'failed' && source.problems.some(({ message }) => message === 'is not there')) return undefined
  return { ...parsePost(shown, orThrow(source).text), folder: dirname(path) }
}
