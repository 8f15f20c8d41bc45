import type { JsonValue } from '../domain/json.ts'
import { digestOf } from '../store/digest.ts'

type Fields = Readonly<Record<string, JsonValue>>

const leftOut = (text: string): string => `(left out: sha256 ${digestOf(text)})`
const form = /^\(left out: sha256 ([0-9a-f]{64})\)$/

/** A cell's settings without what its prompts say beside their own texts: the message of the system, and what answers are held to. */
export function withoutTexts(config: Fields): Fields {
  const workload = config['workload'] as Fields
  const { system, prompts } = workload
  return {
    ...config,
    workload: {
      ...workload,
      ...(typeof system === 'string' && { system: leftOut(system) }),
      ...(Array.isArray(prompts) && { prompts: (prompts as readonly Fields[]).map(withoutExpected) }),
    },
  }
}

function withoutExpected({ expected, ...prompt }: Fields): Fields {
  return expected === undefined ? prompt : { ...prompt, expected: mapTexts(expected, leftOut) }
}

/** Settings with those texts again that are known by their digests. */
export const withKnownTexts = (config: Fields, textOf: (digest: string) => string | undefined): Fields =>
  mapTexts(config, (text) => {
    const [, digest] = form.exec(text) ?? []
    return (digest === undefined ? undefined : textOf(digest)) ?? text
  }) as Fields

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((each) => mapTexts(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]))
}
