import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { findLab } from './lab.ts'
import { packageSource } from './package-source.ts'

export type CreatedLab = {
  /** The files of a new lab, relative to it: those that were written, and those that were there and stay as they are. */
  written: string[]
  kept: string[]
  /** What npm is to be asked for, to install this package there. */
  source: string
  /** Builds for GPUs that a lab without one leaves out, and what npm is to take in their place. */
  leftOut: Readonly<Record<string, string>>
}

type OwnPackage = { version: string; optionalDependencies: Record<string, string> }
type ToWrite = Pick<CreatedLab, 'source' | 'leftOut'> & {
  packaged: (file: string) => string
  also: readonly 'post'[]
}

/**
 * Makes a lab with one experiment in a folder, which may hold other things; `with` a post on it, where one is to be written. Throws a
 * `UserError` where it cannot be written.
 */
export function createLab(root: string, also: readonly 'post'[] = []): CreatedLab {
  if (existsSync(root) && !statSync(root).isDirectory())
    throw new UserError(`${plain(root)} is no folder: name another, or none for the current one`)
  const { packageRoot } = findLab(root)
  const packaged = (file: string) => readFileSync(join(packageRoot, file), 'utf8')
  const { version, optionalDependencies } = JSON.parse(packaged('package.json')) as OwnPackage
  const source = packageSource(packageRoot, { root, version })
  // This package replaces them by nothing for itself: that does not travel with it, so the lab says it too.
  const empty = Object.entries(optionalDependencies).filter(([, from]) => from.startsWith('npm:empty-npm-package@'))
  const found: CreatedLab = { written: [], kept: [], source, leftOut: Object.fromEntries(empty) }
  for (const [file, content] of Object.entries(filesOf(root, { ...found, packaged, also }))) {
    if (writeNew(join(root, file), content)) found.written.push(file)
    else found.kept.push(file)
  }
  return found
}

function filesOf(root: string, { packaged, source, leftOut, also }: ToWrite): Record<string, string> {
  const isPosted = also.includes('post')
  const content = { name: nameOf(root), private: true, dependencies: { benchbook: source }, overrides: leftOut }
  return {
    'experiments/first.yaml': packaged('data/lab/first.yaml') + (isPosted ? asPost : ''),
    ...(isPosted && {
      'reports/posts/first.md': packaged('data/lab/first.md'),
      'reports/templates/post.hbs': packaged('reports/templates/post.hbs'),
    }),
    'experiments/experiment.schema.json': packaged('experiments/experiment.schema.json'),
    ...(!existsSync(join(root, 'data')) && { 'data/.gitkeep': '' }),
    ...(!existsSync(join(root, 'notebooks')) && { 'notebooks/.gitkeep': '' }),
    '.gitignore': packaged('data/lab/gitignore'), // npm leaves a file of that name out of a package
    'README.md': packaged('data/lab/README.md'),
    'package.json': `${JSON.stringify(content, null, 2)}\n`,
  }
}

const asPost = '\nreport: { template: post } # prose of reports/posts/first.md, in place of a page of everything\n'

/** Of a package; not ours, which npm would refuse to install into itself. */
function nameOf(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return name === '' || name === 'benchbook' ? 'benchbook-lab' : name
}

/** `false` where there is something of that name already. */
function writeNew(path: string, content: string): boolean {
  try {
    makeFolder(dirname(path))
    writeFileSync(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code === undefined) throw error
    throw new UserError(
      `cannot write ${plain(path)} (${code}): name another folder, or make room and rights there`,
      2,
      {
        cause: error,
      },
    )
  }
}
