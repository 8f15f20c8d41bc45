import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'

/** What was asked for: `org/name`, at a revision, perhaps one file of it. */
export type Asked = { repo: string; revision: string; file?: string }

/** A failure that may pass: the same is asked again after a while. */
export class PassingFailure extends Error {
  readonly retryAfterMs: number | undefined

  constructor(message: string, { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause })
    this.retryAfterMs = retryAfterMs
  }
}

const longestRetryAfterMs = 60_000

/** What a response that is no success means for a user. */
export function hubFailure(response: Response, asked: Asked, { hasToken, host }: { hasToken: boolean; host: string }) {
  const { status, headers } = response
  const code = headers.get('x-error-code') ?? ''
  const repo = plain(asked.repo)
  const revision = plain(asked.revision)
  if (status === 429 || status >= 500) {
    const seconds = Number(headers.get('retry-after') ?? Number.NaN)
    const retryAfterMs = seconds >= 0 ? Math.min(seconds * 1000, longestRetryAfterMs) : undefined
    return new PassingFailure(`${host} answers with ${status}`, { retryAfterMs })
  }
  if (code === 'GatedRepo') return unavailable(gated(repo, hasToken))
  if (code === 'RevisionNotFound') return new UserError(`${repo} has no revision ${revision}: correct it`)
  if (code === 'EntryNotFound' || (status === 404 && asked.file !== undefined))
    return new UserError(`${repo} has no file ${plain(asked.file ?? '')} at ${revision}: correct its name`)
  if (code === 'RepoNotFound' || status === 404 || (status === 401 && !hasToken))
    return new UserError(
      `there is no ${repo} at ${host}, or it is private: correct its name, or set HF_TOKEN to the token of an account that may read it`,
    )
  if (status === 401 || status === 403)
    return unavailable(`${host} refuses ${repo} to the account of HF_TOKEN (${status}): take the token of another`)
  return unavailable(`${host} answers with ${status} where ${repo} was asked for: try again later`)
}

const unavailable = (message: string) => new UserError(message, exitCodes.unavailable)

function gated(repo: string, hasToken: boolean): string {
  const page = `https://huggingface.co/${repo}`
  return hasToken
    ? `${repo} is gated, and the account of HF_TOKEN may not read it yet: accept its licence at ${page}`
    : `${repo} is gated: accept its licence at ${page}, then set HF_TOKEN to a token of that account`
}

/** What the network's own failure is called; the address with all that it may hold is left out. */
export function networkWords(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException
    if (typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code)) return code
    if (at instanceof AggregateError) {
      const [first] = at.errors as unknown[]
      if (first instanceof Error && 'code' in first) return String(first.code)
    }
  }
  return 'no answer'
}
