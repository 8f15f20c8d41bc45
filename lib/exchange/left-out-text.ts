import { canonicalJson } from '../domain/canonical-json.ts'
import type { JsonValue } from '../domain/json.ts'
import { digestOf } from '../store/digest.ts'

type Fields = Readonly<Record<string, JsonValue>>

const leftOut = (text: string): string => (text === '' ? '' : `(left out: sha256 ${digestOf(text)})`)
const form = /^\(left out: sha256 ([0-9a-f]{64})\)$/

type Change = (fields: Fields) => Fields

/** A path to what is asked, as an axis: workload.system, workload.sampling.stop. */
const isPathToText = (axis: string) => /\.(?:system|prompts|text|stop)(?:\.|$)/.test(axis)

const axesWithout: Change = (axes) =>
  Object.fromEntries(
    Object.entries(axes).map(([axis, value]) => [axis, isPathToText(axis) ? mapTexts(value, leftOut) : value]),
  )
const armWithout = (arm: JsonValue = '{}') => canonicalJson(axesWithout(JSON.parse(arm as string) as Fields))
const placedWithout: Change = ({ arm, stratum, ...row }) => ({
  ...row,
  arm: armWithout(arm),
  stratum: armWithout(stratum),
})

/** What an engine or a server said of a failure: it may repeat a part of what it was asked. */
const saidLeftOut: Change = (fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      (key === 'detail' || key === 'logTail') && typeof value === 'string' ? leftOut(value) : value,
    ]),
  )
function withoutText(fields: Fields): Fields {
  const { text: _, ...row } = fields
  return row
}

const changes: Readonly<Record<string, Change>> = {
  experiment: withoutText,
  prompt: withoutText,
  plan: planWithout,
  cell: ({ config, axes, ...row }) => ({
    ...placedWithout(row),
    config: configWithout(config as Fields),
    axes: axesWithout(axes as Fields),
  }),
  launch: ({ outcome, ...row }) => ({
    ...placedWithout(row),
    ...(outcome !== undefined && { outcome: saidLeftOut(outcome as Fields) }),
  }),
  trial: saidLeftOut,
  request: ({ output, ...row }) => ({
    ...saidLeftOut(row),
    ...(typeof output === 'string' && { output_sha256: digestOf(output) }),
  }),
}

/**
 * A row of a table for who may not see what was asked and answered: in place of each such text is its digest, also where it is the value
 * of an axis. What engines and servers said of a failure, and the command, which may set a text, are left out whole.
 */
export const textsLeftOut = (table: string, fields: Fields): Fields => changes[table]?.(fields) ?? fields

function planWithout({ command, skipped, compare, ...row }: Fields): Fields {
  const { pairs, ...rest } = (compare ?? {}) as Fields
  const named = (pairs as readonly Fields[] | undefined)?.map(({ base, against }) => ({
    base: armWithout(base),
    against: armWithout(against),
  }))
  return {
    ...row,
    command: leftOut(command as string),
    skipped: (skipped as readonly Fields[]).map(({ axes, ...each }) => ({
      ...each,
      axes: axesWithout(axes as Fields),
    })),
    ...(compare !== undefined && { compare: { ...rest, ...(named && { pairs: named }) } }),
  }
}

/** A cell's settings without what its prompts say beside their own texts: the message of the system, and what answers are held to. */
function configWithout(config: Fields): Fields {
  const workload = config['workload'] as Fields
  const { system, prompts, sampling } = workload
  const { stop } = (sampling ?? {}) as Fields
  return {
    ...config,
    workload: {
      ...workload,
      ...(typeof system === 'string' && { system: leftOut(system) }),
      ...(Array.isArray(prompts) && { prompts: (prompts as readonly Fields[]).map(withoutExpected) }),
      ...(stop !== undefined && { sampling: { ...(sampling as Fields), stop: mapTexts(stop, leftOut) } }),
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

/** A value with each of its texts changed, and each key where that is asked for. */
export function mapTexts(
  value: JsonValue,
  change: (text: string) => string,
  changeKey: (key: string) => string = (key) => key,
): JsonValue {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((each) => mapTexts(each, change, changeKey))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [changeKey(key), mapTexts(each, change, changeKey)]),
  )
}
