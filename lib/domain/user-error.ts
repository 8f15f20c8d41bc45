/** The documented exit codes of the command line. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  trialsFailed: 3,
  unavailable: 4,
  /** A comparison found a regression, or a bundle was not reproduced. */
  regression: 10,
  /** A comparison says neither. */
  inconclusive: 11,
  /** Arms that are not comparable, or invalid. */
  notComparable: 12,
  /** A report no longer says what the store says. */
  stale: 13,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A mistake or a condition of the user's world: prints as one message, never with a stack. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly exitCode: ExitCode

  /** `message` says what is wrong, where, what was got and what to do. */
  constructor(message: string, exitCode: ExitCode = exitCodes.usage, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
