import { request } from 'node:http'
import { EngineFailure } from '../domain/backend.ts'
import { getJson } from '../wire/http-get.ts'
import { type Fields, parsedFields } from '../wire/json-fields.ts'
import type { Started } from './recipe.ts'

type Place = Pick<Started, 'target' | 'headers' | 'signal'>

/** What a started server answers to a GET as an object of JSON; `undefined` where it does not. */
export async function fieldsAt({ target, headers }: Place, path: string): Promise<Fields | undefined> {
  const got = await getJson(target, path, headers).catch(() => undefined)
  return got?.status === 200 ? parsedFields(got.body) : undefined
}

const mostBytes = 1_000_000

/**
 * Posts JSON to a started server, on this machine, and waits as long as it takes, or until `signal`. Throws an `EngineFailure`
 * (`engine-error`) where that cannot be done.
 */
export function postJson(
  { target, headers, signal }: Place,
  path: string,
  body: object,
  method: 'POST' | 'DELETE' = 'POST',
): Promise<{ status: number; body: string }> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new EngineFailure('engine-error', `${path} could not be asked: ${cause.message}`, { cause }))
    const options = {
      method,
      agent: false,
      signal,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    } as const
    request(new URL(path, target.url), options, (response) => {
      let said = ''
      response.setEncoding('utf8').on('data', (part: string) => (said = (said + part).slice(-mostBytes)))
      response.on('error', fail).on('end', () => resolve({ status: response.statusCode ?? 0, body: said }))
    })
      .on('error', fail)
      .end(text)
  })
}
