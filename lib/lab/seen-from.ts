import { relative } from 'node:path'

/** A path as its user sees it from the current folder. */
export const seenFrom = (cwd: string, path: string): string => {
  const seen = relative(cwd, path)
  return seen.startsWith('..') ? path : seen
}
