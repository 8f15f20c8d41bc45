import { resolve } from 'node:path'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { findLab, type Place } from './lab.ts'

type StoreChoice = { store?: string }

/** The store that a command line means: `--store`, else BENCHBOOK_STORE, else the lab's. */
export function storeFile({ store }: StoreChoice, { env, cwd }: Place): string {
  const named = store ?? env['BENCHBOOK_STORE']
  return named === undefined || named === '' ? findLab(cwd).defaultStore : resolve(cwd, named)
}

/** Opens that store. */
export function openLabStore(options: StoreChoice, place: Place, mode: 'read' | 'write'): Store {
  return openStore({ file: storeFile(options, place), mode })
}
