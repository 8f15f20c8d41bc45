import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

/** The last `maxBytes` of a text file, however long that is; empty where it is not there. */
export function fileTail(path: string, maxBytes: number): string {
  if (!existsSync(path)) return ''
  const file = openSync(path, 'r')
  try {
    const tail = Buffer.alloc(Math.min(maxBytes, fstatSync(file).size))
    return tail.toString('utf8', 0, readSync(file, tail, 0, tail.length, fstatSync(file).size - tail.length))
  } finally {
    closeSync(file)
  }
}
