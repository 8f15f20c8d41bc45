import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type Problem, problemsError } from '../parse/problem.ts'
import { quote } from '../parse/quote.ts'
import type { PostSource } from './post-source.ts'

const mebibyte = 1_048_576
const most = { eachBytes: 2 * mebibyte, allBytes: 8 * mebibyte }
const kinds = [
  ['png', (bytes: Buffer) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))],
  ['jpeg', (bytes: Buffer) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))],
  ['webp', (bytes: Buffer) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'],
  ['svg+xml', (bytes: Buffer) => isSvg(bytes.toString('utf8', 0, 4096))],
] as const

/** Whether `src`, as Markdown has it, is a file beside the post rather than an address. */
export const isBeside = (src: string): boolean => !/^(?:[a-z][a-z\d+.-]*:|[/#?]|$)/i.test(src)

/**
 * The author's own pictures, those of `sources` that lie beside the post or in a folder below, as `data:` addresses by their sources: a page
 * that holds them needs nothing else, and as an image not even an SVG runs a script. Throws a `UserError` with all that cannot be shown.
 */
export async function postPictures(post: PostSource, sources: readonly string[]): Promise<Map<string, string>> {
  const problems: Problem[] = []
  const found = new Map<string, string>()
  let allBytes = 0
  for (const src of new Set(sources.filter(isBeside))) {
    const picture = await pictureAt(post, src)
    if (typeof picture === 'string') {
      problems.push({ place: placeOf(post, src), message: `the picture ${quote(decoded(src))} ${picture}` })
      continue
    }
    allBytes += picture.bytes.length
    found.set(src, `data:image/${picture.kind};base64,${picture.bytes.toString('base64')}`)
  }
  if (allBytes > most.allBytes)
    problems.push({
      place: { file: post.file },
      message: `its pictures are ${inMebibytes(allBytes)} together, a page holds ${inMebibytes(most.allBytes)}`,
    })
  if (problems.length > 0) throw problemsError(problems)
  return found
}

/** The picture, or why it cannot be shown. */
async function pictureAt({ folder }: PostSource, src: string): Promise<{ kind: string; bytes: Buffer } | string> {
  const path = decoded(src)
  if (path.split(/[/\\]/).includes('..') || path.includes('\0') || folder === undefined)
    return 'is not in the folder of the post: put it there, or in a folder below'
  try {
    const [home, file] = await Promise.all([realpath(folder), realpath(join(folder, path))])
    if (!file.startsWith(home + sep)) return 'leads out of the folder of the post: put the file itself there'
    const about = await stat(file)
    if (!about.isFile()) return 'is no file'
    if (about.size > most.eachBytes) return `has more than ${inMebibytes(most.eachBytes)}: make it smaller`
    const bytes = await readFile(file)
    const kind = kinds.find(([, fits]) => fits(bytes))?.[0]
    return kind === undefined ? 'is no PNG, JPEG, WebP or SVG' : { kind, bytes }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'is not there: it belongs beside the post'
    if (code === undefined) throw error
    return `cannot be read (${code})`
  }
}

const inMebibytes = (bytes: number) => `${(bytes / mebibyte).toFixed(1)} MiB`

/** As the file is called: Markdown has spaces and the like as `%20`. */
function decoded(src: string): string {
  const path = src.replace(/[?#].*$/s, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function placeOf({ file, body, bodyLine }: PostSource, src: string): Problem['place'] {
  const at = body.split('\n').findIndex((line) => line.includes(`(${src}`) || line.includes(decoded(src)))
  return at < 0 ? { file } : { file, line: bodyLine + at }
}

function isSvg(start: string): boolean {
  return /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/i.test(start)
}
