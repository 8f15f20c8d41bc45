import { resolve } from 'node:path'
import { UserError } from '../domain/user-error.ts'
import { orThrow } from '../parse/problem.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { findLab, type Place } from './lab.ts'

type StoreChoice = { store?: string }

/** The store that a command line means: `--store`, else BENCHBOOK_STORE, else that of the lab's settings, else the lab's. */
export function storeFile({ store }: StoreChoice, { env, cwd, settings }: Place): string {
  const named = store ?? env['BENCHBOOK_STORE']
  if (named !== undefined && named !== '') return resolve(cwd, named)
  const { root, defaultStore } = findLab(cwd)
  const own = settings && orThrow(settings).store
  return own === undefined ? defaultStore : resolve(root, own)
}

/** Opens that store. */
export function openLabStore(options: StoreChoice, place: Place, mode: 'read' | 'write'): Store {
  return openStore({ file: storeFile(options, place), mode })
}

/** That store where it can be read as it stands, changing nothing: it may be missing, of an older version, or not readable. */
export function peekLabStore(options: StoreChoice, place: Place): Store | undefined {
  try {
    return openStore({ file: storeFile(options, place), mode: 'read', older: 'refuse' })
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
