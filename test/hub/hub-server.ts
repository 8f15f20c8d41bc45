import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A repository of the stand-in. `lfs` files lie at another host, as the hub's large ones do. */
export type Repo = {
  commit: string
  files: Record<string, Buffer>
  lfs?: RegExp
  /** `files`: what it holds is listed for everybody, as the hub does. */
  gated?: boolean | 'files'
  /** Never answers what it holds. */
  mute?: boolean
  private?: boolean
  branches?: readonly string[]
  /** Listed beside the files, whatever their names. */
  extra?: readonly object[]
}

/** What goes wrong with the next answers that carry a file, one after the other. */
export type Fault =
  | { kind: 'cut'; afterBytes: number }
  | { kind: 'no-range' }
  | { kind: 'wrong-bytes' }
  | { kind: 'status'; status: number }
  | { kind: 'silent'; afterBytes: number }
  | { kind: 'other-commit' }

export type Seen = { host: 'hub' | 'cdn'; path: string; range?: string; authorization?: string }

/** Speaks as Hugging Face's hub does, as far as it is asked here; large files come from a second server. */
export class HubServer implements AsyncDisposable {
  readonly repos: Record<string, Repo> = {}
  readonly seen: Seen[] = []
  readonly faults: Fault[] = []
  token = ''
  readonly #hub: Server
  readonly #cdn: Server

  private constructor() {
    this.#hub = createServer((request, response) => this.#answer('hub', request, response))
    this.#cdn = createServer((request, response) => this.#answer('cdn', request, response))
  }

  static async start(): Promise<HubServer> {
    const server = new HubServer()
    for (const each of [server.#hub, server.#cdn])
      await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    return urlOf(this.#hub)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of [this.#hub, this.#cdn]) {
      each.closeAllConnections()
      await new Promise((resolve) => each.close(resolve))
    }
  }

  #answer(host: Seen['host'], request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://x')
    const path = decodeURIComponent(url.pathname)
    const { range, authorization } = request.headers
    this.seen.push({ host, path, ...(range && { range }), ...(authorization && { authorization }) })
    if (host === 'cdn') return this.#content(path.slice(1), range, response)
    const [, listed, revision = ''] = /^\/api\/models\/(.+)\/revision\/(.+)$/.exec(path) ?? []
    const [, held = '', at = '', file = ''] = /^\/((?:[^/]+\/)?[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path) ?? []
    const name = listed ?? held
    const repo = this.repos[name]
    if (repo === undefined || (repo.private && authorization !== `Bearer ${this.token}`))
      return refuse(response, authorization ? 404 : 401, 'RepoNotFound')
    if (repo.gated && !(repo.gated === 'files' && listed !== undefined) && authorization !== `Bearer ${this.token}`)
      return refuse(response, authorization ? 403 : 401, 'GatedRepo')
    const isKnown = [repo.commit, 'main', ...(repo.branches ?? [])].includes(listed === undefined ? at : revision)
    if (!isKnown) return refuse(response, 404, 'RevisionNotFound')
    if (repo.mute) return
    if (listed !== undefined) return void response.end(JSON.stringify(listingOf(repo)))
    this.#resolve(repo, { name, file, range }, response)
  }

  #resolve(
    repo: Repo,
    { name, file, range }: { name: string; file: string; range: string | undefined },
    response: ServerResponse,
  ) {
    const content = repo.files[file]
    if (content === undefined) return refuse(response, 404, 'EntryNotFound')
    const wrong = this.faults[0]?.kind === 'other-commit' && this.faults.shift()
    response.setHeader('x-repo-commit', wrong ? '9'.repeat(40) : repo.commit)
    if (!repo.lfs?.test(file)) return this.#content(`${name}|${file}`, range, response)
    response.setHeader('x-linked-etag', `"${sha256(content)}"`)
    response.setHeader('x-linked-size', content.length)
    response.setHeader('location', `${urlOf(this.#cdn)}/${encodeURIComponent(`${name}|${file}`)}?signature=secret`)
    response.writeHead(302).end()
  }

  #content(key: string, range: string | undefined, response: ServerResponse): void {
    const [name = '', file = ''] = key.split('|')
    const whole = this.repos[name]?.files[file] as Buffer
    const fault = this.faults.shift()
    if (fault?.kind === 'status') return void response.writeHead(fault.status).end('not now')
    const from = fault?.kind === 'no-range' ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    if (from >= whole.length && from > 0) return void response.writeHead(416).end()
    const sent = fault?.kind === 'wrong-bytes' ? Buffer.alloc(whole.length - from, 7) : whole.subarray(from)
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${whole.length - 1}/${whole.length}`)
    response.setHeader('content-length', sent.length)
    response.writeHead(from > 0 ? 206 : 200)
    if (fault?.kind !== 'cut' && fault?.kind !== 'silent') return void response.end(sent)
    response.write(sent.subarray(0, fault.afterBytes), () => {
      if (fault.kind === 'cut') setImmediate(() => response.destroy())
    })
  }
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'x-error-code': code }).end('{}')
}

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
export const gitDigest = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

function listingOf({ commit, files, lfs, extra = [] }: Repo): object {
  const siblings = Object.entries(files).map(([rfilename, content]) => ({
    rfilename,
    size: content.length,
    blobId: gitDigest(content),
    ...(lfs?.test(rfilename) && { lfs: { sha256: sha256(content), size: content.length, pointerSize: 134 } }),
  }))
  return { sha: commit, siblings: [...siblings, ...extra], tags: ['whatever'] }
}
