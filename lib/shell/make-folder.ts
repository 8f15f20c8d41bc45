import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and those above it where they are missing. Step by step: with `recursive` Node 24 never returns where the
 * system refuses a folder with ENOENT, as /proc does, and calls a read-only disk ENOENT.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const above = dirname(resolve(folder))
  makeFolder(above)
  try {
    mkdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // another program was faster
  }
}
