import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { type CreatedLab, createLab } from '../lab/create-lab.ts'
import { isInstalled } from '../lab/package-source.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

export type InitOptions = CommonOptions & { post?: true }

/** Makes a lab, and says what to do next. */
export async function init(folder: string | undefined, options: InitOptions, io: Io): Promise<void> {
  const root = resolve(io.cwd, folder ?? '.')
  const { written, kept, ...npm } = createLab(root, options.post ? ['post'] : [])
  if (options.json) return printJson(io, { lab: root, written, kept })
  const path = relative(io.cwd, root)
  const where = path === '' ? 'here' : `in ${plain(path)}`
  const lines = [
    written.length === 0 ? `a lab is ${where} already: nothing was written` : `a lab ${where}: ${written.join(', ')}`,
    ...(kept.length > 0 ? [`was there and stays as it is: ${kept.join(', ')}`] : []),
    '\nNext:',
    ...next(root, { path, ...npm, ...options }).map((line) => `  ${line}`),
    ...hint(root, npm),
  ]
  io.stdout(`${lines.join('\n')}\n`)
}

type Npm = Pick<CreatedLab, 'source' | 'leftOut'>
type Next = Npm & Pick<InitOptions, 'post'> & { path: string }

function next(root: string, { path, source, post }: Next): string[] {
  const asked = packageText(root).includes('"benchbook"') ? '' : ` ${quoted(source.replace(/^(?=\d)/, 'benchbook@'))}`
  const enter = [
    ...(path === '' ? [] : [`cd ${quoted(path)}`]),
    ...(isInstalled(root) ? [] : [`npm install --ignore-scripts${asked}`]),
  ]
  return [
    ...(enter.length > 0 ? [enter.join(' && ')] : []),
    'npx benchbook plan experiments/first.yaml',
    'npx benchbook run experiments/first.yaml',
    ...(post ? posted : enter.length > 0 ? [] : ['npx benchbook show latest']),
  ]
}

const posted = [
  'npx benchbook report experiments/first.yaml -o first.md            # edit reports/posts/first.md, with --watch',
  'npx benchbook report experiments/first.yaml -o first.md --check    # whether it still says what the store says',
]

/** A package.json that was there is its owner's: they are told what to put into it. */
function hint(root: string, { leftOut }: Npm): string[] {
  const [some = ''] = Object.keys(leftOut)
  if (packageText(root).includes(some)) return []
  const set = Object.entries(leftOut).map(([name, empty]) => `overrides.${name}=${empty}`)
  return [
    '\nWithout a GPU, leave out its builds of llama.cpp (600 MB):',
    `  npm pkg set ${set.join(' \\\n    ')}`,
    '  rm -rf node_modules package-lock.json && npm install --ignore-scripts',
  ]
}

const packageText = (root: string) => {
  const path = join(root, 'package.json')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${plain(text).replaceAll("'", "'\\''")}'`
}
