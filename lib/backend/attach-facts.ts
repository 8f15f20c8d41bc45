import { EngineFailure } from '../domain/backend.ts'
import type { ServerFacts } from '../domain/manifest.ts'
import { evidence } from '../wire/evidence.ts'
import { getJson, type Got, postJson } from '../wire/http-get.ts'
import { type Fields, parsedFields } from '../wire/json-fields.ts'
import { refusalOf } from './answer-outcome.ts'
import { cutWithoutKey } from './api-key.ts'
import { errorOf } from './openai-chunk.ts'
import type { Attachment } from './protocol.ts'

const longestSaid = 200
const mostNamed = 10

/** Asks a server for what it says of itself. */
export class Inquiry {
  readonly #attachment: Attachment
  readonly #headers: Readonly<Record<string, string>>

  constructor(attachment: Attachment) {
    this.#attachment = attachment
    const { key } = attachment
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  }

  /** Throws an `EngineFailure` (`unreachable`) where nothing answers. */
  get(path: string): Promise<Got> {
    return getJson(this.#attachment, path, this.#headers)
  }

  /** The fields of its answer; `undefined` where it has none to give: that it does not know a path is no failure. */
  async fields(path: string, body?: object): Promise<Fields | undefined> {
    const asked = body === undefined ? this.get(path) : this.#post(path, body)
    const got = await asked.catch(() => undefined)
    return got?.status === 200 ? parsedFields(got.body) : undefined
  }

  /** The same of what it must have: throws an `EngineFailure` where it refuses, or answers anything else. */
  async required(path: string): Promise<{ fields: Fields; headers: Got['headers'] }> {
    const got = await this.get(path)
    this.refuse(path, got)
    const fields = parsedFields(got.body)
    if (fields === undefined) throw this.malformed(path, 'no JSON object', got)
    return { fields, headers: got.headers }
  }

  /** Throws an `EngineFailure` where an answer is a refusal. */
  refuse(path: string, got: Got): void {
    const refusal = refusalOf(got)
    if (refusal) throw this.#failure(refusal.reason, `GET ${path}: ${refusal.detail}`)
  }

  malformed(path: string, what: string, { body }: Pick<Got, 'body'>): EngineFailure {
    const said = evidence(errorOf(parsedFields(body) ?? {}) ?? body)
    return this.#failure('malformed-response', `GET ${path} gave ${what}: ${said}`)
  }

  /** That the server does not have the model that it is to be asked for. */
  without(names: readonly string[]): EngineFailure {
    const shown = names.map((name) => evidence(name, longestSaid))
    const more = shown.length > mostNamed ? ` and ${shown.length - mostNamed} more` : ''
    const listing = `it has ${shown.slice(0, mostNamed).join(', ')}${more}: name one of them as served`
    const has = shown.length === 0 ? 'it has none: load one there' : listing
    return this.#failure('request-refused', `the server has no model ${evidence(this.#attachment.model)}: ${has}`)
  }

  /** What was said, as it is kept: numbers and texts alone, cut, without the key. */
  kept(said: readonly (readonly [string, unknown])[]): ServerFacts['says'] {
    const { key } = this.#attachment
    const kept: Record<string, string | number> = {}
    for (const [name, value] of said) {
      const as = cutWithoutKey(evidence(name, longestSaid), key)
      if (typeof value === 'number' && Number.isFinite(value)) kept[as] = value
      else if (typeof value === 'string' && value !== '') kept[as] = cutWithoutKey(evidence(value, longestSaid), key)
    }
    return kept
  }

  #post(path: string, body: object): Promise<Got> {
    return postJson(this.#attachment, path, { headers: this.#headers, body })
  }

  #failure(reason: EngineFailure['reason'], text: string): EngineFailure {
    return new EngineFailure(reason, cutWithoutKey(text, this.#attachment.key))
  }
}

/** A listed model that stands for any name, as LiteLLM has it. */
export const anyModel = '*'
