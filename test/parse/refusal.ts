import { problemsError, type Checked } from '../../lib/parse/problem.ts'

/** The message that a refused input prints; a value that was accepted is a failure of the test. */
export function refusal(checked: Checked<unknown>): string {
  if (checked.status === 'ok') throw new Error(`accepted: ${JSON.stringify(checked.value)}`)
  return problemsError(checked.problems).message
}
