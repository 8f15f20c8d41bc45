import { statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Place } from './lab.ts'

/** Whether there is a folder of that name. */
export function isFolder(path: string, { cwd }: Pick<Place, 'cwd'>): boolean {
  return statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Where a report is written that is asked for at `path`, relative to the current folder: its `own` place among the lab's where nothing
 * is asked for. In a folder, there already or named with a slash at its end, it has the name that it has there. `-` is standard output.
 */
export function outputPath(own: string, { path, cwd }: Pick<Place, 'cwd'> & { path?: string }): string {
  if (path === undefined) return own
  if (path === '' || path === '-') return path
  return path.endsWith('/') || isFolder(path, { cwd }) ? join(path, basename(own)) : path
}
