import { UserError } from '../domain/user-error.ts'
import { plain } from '../domain/plain.ts'
import { isAboutSecret, withoutSecrets } from './without-secrets.ts'

/** Somewhere in a file; without a line, the file (or the argument) as a whole. */
export type Place = { file: string; line?: number; column?: number; snippet?: string }

/** One mistake in something from outside. */
export type Problem = { place: Place; message: string }

/** What came of checking something from outside: the value, or everything that is wrong with it. */
export type Checked<T> = { status: 'ok'; value: T } | { status: 'failed'; problems: readonly Problem[] }

const mostShown = 50

/** One error for all the problems: each as `file:line:col: message` with its line of the source below. */
export function problemsError(problems: readonly Problem[]): UserError {
  const texts = [...new Set(inOrder(problems).map(toText))]
  const more = texts.length > mostShown ? [`… and ${texts.length - mostShown} more`] : []
  return new UserError([...texts.slice(0, mostShown), ...more].join('\n'))
}

/** The value of something checked, or a `UserError` with all its problems. */
export function orThrow<T>(checked: Checked<T>): T {
  if (checked.status === 'failed') throw problemsError(checked.problems)
  return checked.value
}

/** `file:line:column`, or as much of it as is known. */
export function placeName({ file, line, column }: Place): string {
  return plain([withoutSecrets(file), line, column].filter((part) => part !== undefined).join(':'))
}

function toText({ place, message }: Problem): string {
  const first = `${placeName(place)}: ${plain(message)}`
  return place.snippet === undefined || isAboutSecret(message) ? first : `${first}\n    ${plain(place.snippet)}`
}

/** Files in the order in which they first came; inside a file from top to bottom. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const byFile = Map.groupBy(problems, ({ place }) => place.file)
  return [...byFile.values()].flatMap((ofOne) =>
    ofOne.toSorted(({ place: a }, { place: b }) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  )
}
