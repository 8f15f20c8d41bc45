import { byteText } from '../domain/byte-text.ts'
import type { Cell } from '../domain/cell.ts'
import { artifactName, type RemoteSource } from '../domain/artifact-name.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { offlinePlace } from '../lab/hub-place.ts'
import { type PlannedPull, planPulls } from '../lab/pull-models.ts'
import { missingRemote, remoteSources } from '../lab/remote-models.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { PullTeller } from './pull-progress.ts'

export type PullOptions = CommonOptions & { offline?: true }

/** Fetches models; says for each what came and what was here. */
export async function pullModels(words: readonly string[], options: PullOptions, io: Io): Promise<void> {
  const place = offlinePlace(io, options)
  const sources = await remoteSources(words, place)
  const { soft: signal } = io.catchInterrupts()
  const again = `benchbook models pull ${words.join(' ')}`
  const pulls = await interruptible(signal, again, () => planPulls(sources, place, signal))
  await interruptible(signal, again, () => fetchAll(pulls, io, signal))
  const pulled = pulls.map(({ name, bytes, missingBytes }) => ({
    name,
    ...(bytes !== undefined && { bytes }),
    ...(missingBytes !== undefined && { fetchedBytes: missingBytes }),
  }))
  if (options.json) return printJson(io, { pulled })
  for (const { name, bytes, missingBytes } of pulls) io.stdout(`${name}: ${cameText(bytes, missingBytes)}\n`)
}

function cameText(bytes: number | undefined, missing: number | undefined): string {
  if (bytes === undefined) return 'here'
  return missing === 0 ? `was here, ${byteText(bytes)}` : `here, ${byteText(bytes)}`
}

type FetchOptions = { yes?: true; offline?: true }

/**
 * Fetches what cells need and what is not on this machine, after asking; whether anything came. Throws a `UserError` where nobody
 * can be asked, where the user does not agree, and where it cannot be had.
 */
export async function fetchMissing(
  cells: readonly Pick<Cell, 'artifact' | 'config'>[],
  options: FetchOptions,
  io: Io,
): Promise<boolean> {
  const sources = missingRemote(cells)
  if (sources.length === 0) return false
  const { soft: signal } = io.catchInterrupts()
  const pulls = await interruptible(signal, 'the same command', () =>
    planPulls(sources, offlinePlace(io, options), signal),
  )
  if (!options.yes) await agree(pulls, sources, io)
  await interruptible(signal, 'the same command', () => fetchAll(pulls, io, signal))
  return true
}

async function agree(pulls: readonly PlannedPull[], sources: readonly RemoteSource[], io: Io): Promise<void> {
  const names = pulls.map(({ name, missingBytes }) =>
    missingBytes === undefined ? name : `${name} (${byteText(missingBytes)})`,
  )
  const command = `benchbook models pull ${sources.map(artifactName).join(' ')}`
  if (io.confirm === undefined)
    throw new UserError(
      `not here yet: ${names.join(', ')}. Fetch it with ${command}, or say --yes`,
      exitCodes.unavailable,
    )
  if (await io.confirm(`not here yet: ${names.join(', ')}. Fetch it now?`)) return
  throw new UserError(`nothing was fetched, and so nothing runs; ${command} fetches it`, exitCodes.unavailable)
}

async function fetchAll(pulls: readonly PlannedPull[], io: Io, signal: AbortSignal): Promise<void> {
  const teller = new PullTeller(io)
  for (const { name, code, run } of pulls) {
    if (code.length > 0)
      teller.say(
        `${name} has programs (${code.slice(0, 5).join(', ')}), which are not fetched: benchbook runs no code of a model`,
      )
    teller.restart()
    await run({ signal, say: (line) => teller.say(line), onProgress: (progress) => teller.progress(progress) })
  }
}

/** Ctrl-C is no failure: what is here stays, and the same goes on with it. */
async function interruptible<T>(signal: AbortSignal, again: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!signal.aborted) throw error
    throw new UserError(`interrupted; what is here stays, ${again} goes on with it`, exitCodes.interrupted, {
      cause: error,
    })
  }
}
