import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export type Asked = { method: string; path: string; headers: IncomingMessage['headers']; body: string }
export type Answer = (response: ServerResponse, asked: Asked) => void

/** A server on a port of its own that answers as it is told, and remembers what it was asked. */
export class ScriptedApi implements AsyncDisposable {
  readonly url: string
  readonly asked: Asked[] = []
  readonly #server: Server

  private constructor(server: Server, scheme: 'http' | 'https') {
    this.#server = server
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** `answers` by path; what has none is a 404. `https`: with the certificate of `tls/`, which nobody trusts by itself. */
  static async start(
    answers: Readonly<Record<string, Answer>>,
    scheme: 'http' | 'https' = 'http',
  ): Promise<ScriptedApi> {
    const [key, cert] = ['../wire/tls/localhost.key.pem', '../wire/tls/localhost.pem'].map((file) =>
      readFileSync(new URL(file, import.meta.url)),
    )
    const server = scheme === 'http' ? createServer() : createTlsServer({ key, cert })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const scripted = new ScriptedApi(server, scheme)
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => (body += part))
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request
        const asked = { method, path, headers, body }
        scripted.asked.push(asked)
        const answer = answers[path] ?? json({ error: { message: `nothing at ${path}` } }, 404)
        answer(response, asked)
      })
    })
    return scripted
  }

  /** The bodies of what was posted, parsed. */
  get posted(): Record<string, unknown>[] {
    return this.asked.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))
  }

  get connections(): Promise<number> {
    return new Promise((resolve) => this.#server.getConnections((_, count) => resolve(count)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** Answers with a value as JSON. */
export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))

/** Answers with server-sent events and an orderly end. */
export const stream =
  (...data: readonly (string | object)[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const each of data) response.write(`data: ${typeof each === 'string' ? each : JSON.stringify(each)}\n\n`)
    response.end()
  }

/** The stream of an answer in chat: each text in a chunk of its own, `finish` and usage after them. */
export const chat = (texts: readonly string[], more: object = {}): Answer =>
  stream(
    { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
    ...texts.map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 9, completion_tokens: texts.length, ...more } },
    '[DONE]',
  )

export const models = (...ids: readonly string[]): Answer =>
  json({ object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: 'tests' })) }, 200, {
    server: 'scripted',
  })
