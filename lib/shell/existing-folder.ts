import { existsSync } from 'node:fs'
import { dirname } from 'node:path'

/** A folder itself, or the nearest one above it that there is: where `statfs` can be asked. */
export function existingFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingFolder(dirname(path))
}
