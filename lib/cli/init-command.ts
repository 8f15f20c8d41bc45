import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { createLab } from '../lab/create-lab.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

/** Makes a lab, and says what to do next. */
export async function init(folder: string | undefined, options: CommonOptions, io: Io): Promise<void> {
  const root = resolve(io.cwd, folder ?? '.')
  const { written, kept } = createLab(root)
  if (options.json) return printJson(io, { lab: root, written, kept })
  const path = relative(io.cwd, root)
  const where = path === '' ? 'here' : `in ${plain(path)}`
  const lines = [
    written.length === 0 ? `a lab is ${where} already: nothing was written` : `a lab ${where}: ${written.join(', ')}`,
    ...(kept.length > 0 ? [`was there and stays as it is: ${kept.join(', ')}`] : []),
    ...(kept.includes('package.json') && !hasOverrides(root) ? [overridesHint] : []),
    '\nNext:',
    ...next(root, path).map((line) => `  ${line}`),
  ]
  io.stdout(`${lines.join('\n')}\n`)
}

const overridesHint =
  'to leave out the builds for CUDA and Vulkan (600 MB), give package.json the overrides that README.md of benchbook shows'

function hasOverrides(root: string): boolean {
  return readFileSync(join(root, 'package.json'), 'utf8').includes('@node-llama-cpp/linux-x64-cuda')
}

function next(root: string, path: string): string[] {
  const enter = [
    ...(path === '' ? [] : [`cd ${/^[\w./-]+$/.test(path) ? path : `'${plain(path)}'`}`]),
    ...(existsSync(join(root, 'node_modules', 'benchbook')) ? [] : ['npm install']),
  ]
  return [
    ...(enter.length > 0 ? [enter.join(' && ')] : []),
    'npx benchbook plan experiments/first.yaml',
    'npx benchbook run experiments/first.yaml',
    ...(enter.length > 0 ? [] : ['npx benchbook show latest']),
  ]
}
