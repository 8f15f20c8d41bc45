import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { type Asked, hubFailure, networkWords, PassingFailure } from './hub-failure.ts'
import type { HubSettings } from './hub-settings.ts'
import { parseListing } from './parse-listing.ts'
import type { RepoFile, RepoListing } from './repo-file.ts'

const mostRedirects = 5
const mostListingBytes = 64 * 1_048_576

/** Asks a hub: Hugging Face's, or one that speaks as it does. */
export class HubClient {
  readonly #settings: HubSettings

  constructor(settings: HubSettings) {
    this.#settings = settings
  }

  get host(): string {
    return this.#settings.endpoint.host
  }

  /** What a repository holds at a revision. Throws a `UserError` that names what is wrong, or a `PassingFailure`. */
  async listing({ repo, revision }: Asked, { signal, patienceMs = 60_000 }: Patience = {}): Promise<RepoListing> {
    const patience = AbortSignal.timeout(patienceMs)
    try {
      const response = await this.#get(`/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`, {
        asked: { repo, revision },
        signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
      })
      return parseListing(await this.#json(response.body, repo), repo)
    } catch (error) {
      if (!patience.aborted || signal?.aborted) throw error
      throw new PassingFailure(`${this.host} does not answer`, { cause: error })
    }
  }

  /** The content of a file from a byte on; a server that does not know ranges sends it from the start, with status 200. */
  async open(listing: RepoListing, file: RepoFile, { from, signal }: { from: number; signal: AbortSignal }) {
    const { repo, commit } = listing
    const path = file.path.split('/').map(encodeURIComponent).join('/')
    return this.#get(`/${repo}/resolve/${commit}/${path}`, {
      asked: { repo, revision: commit, file: file.path },
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      signal,
      check: (response) => checkSame(response, listing, file),
    })
  }

  async #get(path: string, request: Request): Promise<Response> {
    const { endpoint, offline, token } = this.#settings
    if (offline)
      throw new UserError(
        `${plain(request.asked.repo)} is not here, and nothing may be asked of ${this.host} (--offline, HF_HUB_OFFLINE)`,
        exitCodes.unavailable,
      )
    let url = new URL(endpoint.href.replace(/\/+$/, '') + path)
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const response = await this.#fetch(url, request)
      request.check?.(response)
      const next = response.headers.get('location')
      const isRedirect = response.status >= 300 && response.status < 400 && next !== null
      if (response.ok || (response.status === 416 && request.headers?.['range'] !== undefined)) return response
      await response.body?.cancel()
      if (!isRedirect) throw hubFailure(response, request.asked, { hasToken: token !== undefined, host: url.host })
      url = this.#nextUrl(next, url)
    }
    throw new UserError(`${this.host} redirects without end`, exitCodes.unavailable)
  }

  #nextUrl(next: string, from: URL): URL {
    const url = URL.canParse(next, from.href) ? new URL(next, from) : undefined
    if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url
    throw new UserError(`${from.host} redirects to what is no address`, exitCodes.unavailable)
  }

  /** The token goes to the hub itself and to no other host that it redirects to. */
  async #fetch(url: URL, { headers, signal }: Request): Promise<Response> {
    const { endpoint, token } = this.#settings
    const secret = token !== undefined && url.origin === endpoint.origin ? { authorization: `Bearer ${token}` } : {}
    try {
      return await fetch(url, {
        redirect: 'manual',
        // A compressed answer has another length than the file, and no ranges of it.
        headers: { 'accept-encoding': 'identity', 'user-agent': 'benchbook', ...headers, ...secret },
        ...(signal && { signal }),
      })
    } catch (error) {
      if (signal?.aborted) throw error
      throw new PassingFailure(`cannot reach ${url.host} (${networkWords(error)})`, { cause: error })
    }
  }

  async #json(body: Response['body'], repo: string): Promise<unknown> {
    const parts: Uint8Array[] = []
    let bytes = 0
    try {
      for await (const part of body ?? []) {
        bytes += part.length
        if (bytes > mostListingBytes) break
        parts.push(part)
      }
      return JSON.parse(Buffer.concat(parts).toString())
    } catch (error) {
      throw new PassingFailure(`${this.host} does not list ${plain(repo)} as the hub does`, { cause: error })
    }
  }
}

type Patience = { signal?: AbortSignal | undefined; patienceMs?: number }
type Request = {
  asked: Asked
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
  check?: (response: Response) => void
}

/** The hub says which file it answers with: a mirror that has another must not be believed. */
function checkSame(response: Response, { repo, commit }: RepoListing, { path, digest }: RepoFile): void {
  const said = response.headers.get('x-repo-commit')
  const etag = response.headers.get('x-linked-etag')?.replaceAll(/^(W\/)?"|"$/g, '')
  if ((said === null || said === commit) && (etag === undefined || etag === digest)) return
  throw new UserError(
    `the hub answers for ${plain(path)} of ${plain(repo)} with another file than it listed: try again later`,
    exitCodes.unavailable,
  )
}
