import { resolve } from 'node:path'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import type { CommonOptions, Io } from './io.ts'
import { findLab } from './lab.ts'

/** The store that a command line means: `--store`, else BENCHBOOK_STORE, else the lab's. */
export function storeFile({ store }: CommonOptions, io: Io): string {
  const named = store ?? io.env['BENCHBOOK_STORE']
  return named === undefined || named === '' ? findLab(io.cwd).defaultStore : resolve(io.cwd, named)
}

/** Opens that store. */
export function openLabStore(options: CommonOptions, io: Io, mode: 'read' | 'write'): Store {
  return openStore({ file: storeFile(options, io), mode })
}
