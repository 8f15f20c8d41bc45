import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program that runs a spool on this machine. */
export const workerCommand = (): [string, string] => [
  process.execPath,
  fileURLToPath(new URL(`../worker/main${extname(import.meta.url)}`, import.meta.url)),
]
