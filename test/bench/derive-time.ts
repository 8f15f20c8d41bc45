import { deriveAgain } from '../../lib/run/derive-again.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { temporaryFolder } from '../store/example.ts'
import type { Figure } from './bound.ts'
import { makeLargeStore } from './large-store.ts'

/** A hundred thousand requests derived again where every one of them changes. */
export async function deriveTime(): Promise<Figure[]> {
  using folder = temporaryFolder()
  const planId = makeLargeStore(folder.at('lab.db'), 100_000)
  using store = openStore({ file: folder.at('lab.db'), mode: 'write' })
  store.write(() => store.sql(`UPDATE measurement SET version = 0, metrics = '{}'`).run())
  const start = performance.now()
  deriveAgain(store, planId)
  const seconds = (performance.now() - start) / 1000
  return [{ what: 'deriving a hundred thousand requests again', value: seconds, unit: 's', limit: { atMost: 30 } }]
}
