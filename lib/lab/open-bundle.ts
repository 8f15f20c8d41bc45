import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Manifest } from '../domain/manifest.ts'
import type { Plan } from '../domain/plan.ts'
import type { PlanVerdicts } from '../domain/verdict.ts'
import { type ReadBundle, readBundle } from '../exchange/read-bundle.ts'
import { openStore } from '../store/open-store.ts'
import { workloadTexts, textByDigest } from '../store/plan-rows.ts'
import { digestOf } from '../store/digest.ts'
import { readCompared } from '../store/read-compared.ts'
import type { Store } from '../store/store.ts'
import { comparePlan } from '../verdict/compare-plan.ts'

/** What a bundle says: a stranger's, and hostile in every text. */
export type OpenedBundle = ReadBundle & {
  /** As its user named it. */
  file: string
  plan: Plan
  /** By its own samples, weighed here: a bundle brings no verdicts of its own. */
  verdicts: PlanVerdicts
  manifests: Readonly<Record<string, { manifest: Manifest }>>
}

/**
 * Reads a bundle by way of a store of its own, which is gone afterwards. Texts that it leaves out are looked up in `known`, the
 * lab's store. Throws a `UserError` for a bundle that is none, or that is not to be believed.
 */
export async function openBundle(file: string, { cwd, known }: { cwd: string; known?: Store }): Promise<OpenedBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'benchbook-bundle-'))
  try {
    using store = openStore({ file: join(folder, 'bundle.db'), mode: 'write' })
    const textOf = known === undefined ? () => undefined : textsOf(known)
    const read = await readBundle({ file, path: resolve(cwd, file) }, store, textOf)
    const compared = readCompared(store, read.planId)
    const { plan, manifests } = compared
    return { ...read, file, plan, verdicts: comparePlan(compared), manifests }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function textsOf(store: Store): (digest: string) => string | undefined {
  let others: ReadonlyMap<string, string> | undefined
  return (digest) => {
    others ??= new Map(workloadTexts(store).map((text) => [digestOf(text), text]))
    return textByDigest(store, digest) ?? others.get(digest)
  }
}
