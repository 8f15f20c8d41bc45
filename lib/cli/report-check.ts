import { plain } from '../domain/plain.ts'
import { type ExitCode, exitCodes } from '../domain/user-error.ts'
import { type Stale, staleParts } from '../lab/stale-report.ts'
import { placeName } from '../parse/problem.ts'
import { type Io, printJson } from './io.ts'
import type { Reported } from './reported.ts'
import { placeOf, type ReportOptions } from './write-report.ts'

const mostShown = 30
const mostTyped = 10

/** Holds a report that was written against what it is when it is made now: says what is stale, and writes nothing. */
export async function checkWritten({ build }: Reported, options: ReportOptions, io: Io): Promise<ExitCode> {
  const built = await build({ ...placeOf(options, io), writesNothing: true })
  const stale = await staleParts(built, io.cwd)
  const status = stale.length === 0 ? 'up to date' : 'stale'
  const typed = built.typed.map(({ place, text }) => ({ ...place, says: typedText(text) }))
  if (options.json) printJson(io, { report: built.path, status, stale, typed })
  else io.stdout(stale.length === 0 ? `${built.path}: ${status}\n` : staleText(stale))
  if (!options.json) for (const line of shown(typed, mostTyped)) io.stderr(`${line}\n`)
  return stale.length === 0 ? exitCodes.ok : exitCodes.stale
}

const typedText = (text: string) => `${text} is typed, bound to nothing: whether it still holds is not checked`

function shown(all: readonly Stale[], most: number): string[] {
  const lines = all.slice(0, most).map(({ says, ...place }) => `${placeName(place)}: ${plain(says)}`)
  return all.length > most ? [...lines, `… and ${all.length - most} more`] : lines
}

function staleText(stale: readonly Stale[]): string {
  const key = stale.some(({ says }) => /\[-|\{\+/.test(says))
    ? ['[-what stands there-] {+what the store says now+}']
    : []
  return [...shown(stale, mostShown), ...key].map((line) => `${line}\n`).join('')
}
