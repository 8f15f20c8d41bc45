import type { BackendConfig } from '../domain/backend-config.ts'

/** Holds tokens of the embedded engine back, for tests of verdicts alone: `b=0.05` by a twentieth under the backend named b. */
export const handicapVariable = 'BENCHBOOK_TEST_HANDICAP'

const form = /^(?<name>[^=]+)=(?<share>\d+(?:\.\d+)?)$/

/**
 * By which share of its own time each token of the embedded engine is to come later, under a backend of this name: `b=0.05,c=0.2`
 * in the environment. `undefined` where nothing is held back. What it did stands in the manifest, and the report warns of it.
 * Throws for another form.
 */
export function handicapOf(
  { name, kind }: Pick<BackendConfig, 'name' | 'kind'>,
  env: NodeJS.ProcessEnv,
): number | undefined {
  const shares = new Map((env[handicapVariable] ?? '').split(',').filter(Boolean).map(parse))
  const share = shares.get(name)
  return share === 0 || kind !== 'llama.cpp' ? undefined : share
}

function parse(text: string): [string, number] {
  const { name, share } = form.exec(text)?.groups ?? {}
  if (name === undefined || share === undefined)
    throw new Error(`${handicapVariable}: expected BACKEND=SHARE such as b=0.05, got ${JSON.stringify(text)}`)
  return [name, Number(share)]
}
