import type { JsonValue } from '../domain/json.ts'
import { digestOf } from '../store/digest.ts'

/** What a text that is left out stands as, where a text has to stand. */
export const leftOutText = (text: string): string => `(left out: sha256 ${digestOf(text)})`

/** The digest of what was left out; `undefined` of any other text, and of none. */
export const digestOfLeftOut = (text: JsonValue | undefined): string | undefined =>
  typeof text === 'string' ? /^\(left out: sha256 ([0-9a-f]{64})\)$/.exec(text)?.[1] : undefined
