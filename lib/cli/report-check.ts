import { plain } from '../domain/plain.ts'
import { type ExitCode, exitCodes } from '../domain/user-error.ts'
import { type Stale, staleParts } from '../lab/stale-report.ts'
import { placeName } from '../parse/problem.ts'
import { type Io, printJson } from './io.ts'
import type { Reported } from './reported.ts'
import { placeOf, type ReportOptions } from './write-report.ts'

const mostShown = 30

/** Holds a report that was written against what it is when it is made now: says what is stale, and writes nothing. */
export async function checkWritten({ build }: Reported, options: ReportOptions, io: Io): Promise<ExitCode> {
  const built = await build({ ...placeOf(options, io), writesNothing: true })
  const stale = await staleParts(built, io.cwd)
  const status = stale.length === 0 ? 'up to date' : 'stale'
  if (options.json) printJson(io, { report: built.path, status, stale })
  else io.stdout(stale.length === 0 ? `${built.path}: ${status}\n` : staleText(stale))
  return stale.length === 0 ? exitCodes.ok : exitCodes.stale
}

function staleText(stale: readonly Stale[]): string {
  const lines = stale.slice(0, mostShown).map(({ says, ...place }) => `${placeName(place)}: ${plain(says)}`)
  const more = stale.length - lines.length
  const rest = more > 0 ? [`… and ${more} more`] : []
  const key = stale.some(({ says }) => /\[-|\{\+/.test(says))
    ? ['[-what stands there-] {+what the store says now+}']
    : []
  return [...lines, ...rest, ...key].map((line) => `${line}\n`).join('')
}
