import type { LaunchSpec } from '../domain/launch.ts'

/** Probabilities that a server tells of a window as JSON, some 90 bytes each: what makes 18 MB of it. */
const toldProbabilities = 2e5
/** What vLLM tells of a token by itself. */
const usual = 20
const option = 'max-logprobs'

/**
 * Of how many of a vocabulary's likeliest tokens a vLLM that a launch starts is asked for ln p at each place of a text that has a
 * base: as many as there is room for, and no more than its `max-logprobs` says, where it is given. 0: no trial has a base.
 */
export function likeliestOf({
  backend,
  artifact,
  trials,
}: Pick<LaunchSpec, 'backend' | 'artifact' | 'trials'>): number {
  const contexts = trials.flatMap(({ workload, base }) =>
    workload.kind === 'perplexity' && base ? workload.context : [],
  )
  if (contexts.length === 0) return 0
  const vocabulary = artifact.description?.vocabulary ?? Number.POSITIVE_INFINITY
  const most = Math.max(1, Math.min(vocabulary, Math.floor(toldProbabilities / Math.max(...contexts))))
  const given = givenIn(backend)
  return given === undefined || given < 0 ? most : Math.min(most, given)
}

/** What vLLM is started with so that it tells so many; nothing where its own limit will do, or another is given. */
export const withLikeliest = (launch: Parameters<typeof likeliestOf>[0]): string[] => {
  const likeliest = likeliestOf(launch)
  return likeliest <= usual || givenIn(launch.backend) !== undefined ? [] : [`--${option}`, String(likeliest)]
}

function givenIn(backend: LaunchSpec['backend']): number | undefined {
  if (!('launch' in backend)) return undefined
  const found = Object.entries(backend.launch.args).find(([name]) => name.replaceAll('_', '-') === option)
  return found === undefined || !Number.isInteger(Number(found[1])) ? undefined : Number(found[1])
}
