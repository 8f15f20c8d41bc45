import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { parseGgufHeader, type GgufHeader } from './gguf-header.ts'

/**
 * Reads the header of a GGUF file. Throws a `UserError` that calls the file `name` (as the user wrote it) where it is
 * not a whole and readable one; the caller has made sure that `path` is a regular file.
 */
export function readGgufHeader(path: string, name = path): GgufHeader {
  const file = openSync(path, 'r')
  try {
    return parseGgufHeader({
      name,
      bytes: fstatSync(file).size,
      read: (offset, length) => {
        const target = Buffer.allocUnsafe(length)
        return target.subarray(0, readSync(file, target, 0, length, offset))
      },
    })
  } finally {
    closeSync(file)
  }
}
