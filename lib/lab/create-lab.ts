import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { findLab } from './lab.ts'

/** The files of a new lab, relative to it: those that were written, and those that were there and stay as they are. */
export type CreatedLab = { written: string[]; kept: string[] }

/** Makes a lab with one experiment in a folder, which may hold other things. Throws a `UserError` where it cannot be written. */
export function createLab(root: string): CreatedLab {
  const found: CreatedLab = { written: [], kept: [] }
  if (existsSync(root) && !statSync(root).isDirectory())
    throw new UserError(`${plain(root)} is no folder: name another, or none for the current one`)
  for (const [file, content] of Object.entries(filesOf(root))) {
    if (writeNew(join(root, file), content)) found.written.push(file)
    else found.kept.push(file)
  }
  return found
}

function filesOf(root: string): Record<string, string> {
  const { packageRoot } = findLab(root)
  const packaged = (file: string) => readFileSync(join(packageRoot, file), 'utf8')
  return {
    'experiments/first.yaml': packaged('data/lab/first.yaml'),
    'experiments/experiment.schema.json': packaged('experiments/experiment.schema.json'),
    'data/.gitkeep': '',
    'notebooks/.gitkeep': '',
    '.gitignore': packaged('data/lab/gitignore'), // npm leaves a file of that name out of a package
    'README.md': packaged('data/lab/README.md'),
    'package.json': packageJson(root, JSON.parse(packaged('package.json')) as OwnPackage),
  }
}

type OwnPackage = { version: string; optionalDependencies: Record<string, string> }

/** The builds for GPUs that this package replaces by nothing for itself: that does not travel with it, so the lab says it too. */
function packageJson(root: string, { version, optionalDependencies }: OwnPackage): string {
  const empty = Object.entries(optionalDependencies).filter(([, source]) => source.startsWith('npm:empty-npm-package@'))
  const name = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  const content = {
    name: name === '' || name === 'benchbook' ? 'benchbook-lab' : name,
    private: true,
    dependencies: { benchbook: version },
    overrides: Object.fromEntries(empty),
  }
  return `${JSON.stringify(content, null, 2)}\n`
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
