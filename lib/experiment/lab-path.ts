import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { quote } from '../parse/quote.ts'

/** Where files may be: the lab first, then the package that lies under it. */
export type LabFolders = {
  labRoot: string
  packageRoot: string
  /** Files elsewhere are used too. */
  allowOutside: boolean
}

/** The file that a path in an experiment means. */
export type LabPath = { status: 'ok'; path: string } | { status: 'outside'; message: string }

/**
 * Finds the file that `path` means: a relative one is looked for in the lab, then in the package. A file that lies outside
 * both, as written or by a symbolic link, is refused unless it is allowed. Whether it is there is for its reader to say.
 */
export async function findLabPath(path: string, { labRoot, packageRoot, allowOutside }: LabFolders): Promise<LabPath> {
  const roots = [...new Set([labRoot, packageRoot])]
  const candidates = roots.map((root) => resolve(root, path))
  const real = await Promise.all(candidates.map(realPath))
  const index = Math.max(
    0,
    real.findIndex((found) => found !== undefined),
  )
  const chosen = candidates[index] ?? resolve(labRoot, path)
  if (allowOutside) return { status: 'ok', path: chosen }
  const realRoots = await Promise.all(roots.map(async (root) => (await realPath(root)) ?? root))
  const inside = real[index] === undefined ? isInside(chosen, roots) : isInside(real[index], realRoots)
  if (inside) return { status: 'ok', path: chosen }
  const message = `is outside the lab (${labRoot}): move it there, or allow it with --allow-outside`
  return { status: 'outside', message }
}

async function realPath(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch {
    return undefined // Not there, or not to be read: its reader says which.
  }
}

/**
 * Why a file may not name a program, a build of an engine: as it is written it lies outside of the lab. A link of the lab may lead
 * outside, as that of a Python environment does: who owns the lab has put it there. `undefined` where it may, or names none.
 */
export function whyNoProgram(
  program: string | undefined,
  { labRoot, packageRoot, allowOutside }: LabFolders,
): string | undefined {
  if (program === undefined || allowOutside) return undefined
  if (!program.startsWith('~') && isInside(resolve(labRoot, program), [labRoot, packageRoot])) return undefined
  return `${quote(program)} is outside the lab (${labRoot}): put it there, or allow it with --allow-outside`
}

function isInside(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => {
    const way = relative(root, path)
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
  })
}
