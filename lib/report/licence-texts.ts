import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * The licences of the packages that `files` belong to, as a comment for the head of what is made of them: they ask to go wherever
 * the code goes. Each text stands there once, below the names of its packages; the same files give the same text.
 */
export function licenceTexts(files: readonly string[]): string {
  const folders = new Set(files.flatMap((file) => packageFolder(resolve(file)) ?? []))
  const byText = Map.groupBy([...folders].toSorted(byName), licenceOf)
  const texts = [...byText].map(([text, of]) => `${of.map(nameOf).join(', ')}\n\n${text}`)
  return `/*!\n${texts.join('\n\n').replaceAll('*/', '* /')}\n*/\n`
}

/** `undefined` for a file that is in no package. */
function packageFolder(file: string): string | undefined {
  const above = dirname(file)
  if (above === file) return undefined
  const holds = basename(above).startsWith('@') ? dirname(above) : above
  return basename(holds) === 'node_modules' ? file : packageFolder(above)
}

const nameOf = (folder: string) => {
  const scope = basename(dirname(folder))
  return scope.startsWith('@') ? `${scope}/${basename(folder)}` : basename(folder)
}

const byName = (a: string, b: string) => (nameOf(a) < nameOf(b) ? -1 : 1)

function licenceOf(folder: string): string {
  const name = readdirSync(folder).find((file) => /^licen[cs]e(\.|$)/i.test(file))
  if (name === undefined) return licenceName(folder)
  return readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim()
}

/** Of a package that brings no text, which every installation may hold in another version. */
function licenceName(folder: string): string {
  const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { license?: unknown }
  return `licence: ${typeof license === 'string' ? license : 'not stated'}`
}
