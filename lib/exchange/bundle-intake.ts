import { createHash, type Hash } from 'node:crypto'
import type { JsonValue } from '../domain/json.ts'
import { checkValue, withPath } from '../parse/check-value.ts'
import { parseExactJson } from '../parse/exact-json.ts'
import type { z } from '../parse/schema.ts'
import { insertRow, type Row } from '../store/plan-rows.ts'
import { digestOf } from '../store/digest.ts'
import type { Store } from '../store/store.ts'
import {
  type BundleHead,
  bundleFormat,
  type BundleTable,
  bundleTables,
  bundleVersion,
  endSchema,
  headSchema,
} from './bundle-tables.ts'
import { withKnownTexts } from './left-out-text.ts'
import { checkReferences } from './check-references.ts'

/** Why a bundle is refused: what a user is told, after its name. */
export class Refusal extends Error {}

type Fields = Readonly<Record<string, JsonValue>>
export type TextOf = (digest: string) => string | undefined

/** Takes the lines of a bundle into an empty store, each held against all that a bundle may be. */
export class BundleIntake {
  readonly #store: Store
  readonly #textOf: TextOf
  readonly #hash: Hash = createHash('sha256')
  readonly #rows: Record<string, number> = {}
  #head: BundleHead | undefined
  #table = 0
  #digest: string | undefined
  #line = 0

  constructor(store: Store, textOf: TextOf) {
    this.#store = store
    this.#textOf = textOf
  }

  /** The line that was taken last, from 1. */
  get line(): number {
    return this.#line
  }

  /** Throws a `Refusal`, or what the store says of a row that refers to nothing. */
  take(bytes: Buffer): void {
    this.#line += 1
    if (this.#digest !== undefined) throw new Refusal('goes on after its end')
    const value = valueOf(bytes)
    if (this.#head === undefined) this.#head = headOf(value)
    else if ('end' in value) return this.#takeEnd(checked(endSchema, value).end)
    else this.#takeRow(value)
    this.#hash.update(bytes).update('\n')
  }

  /** What was taken in. Throws a `Refusal` where it is not whole, or where its parts do not fit together. */
  end(): { planId: string; texts: BundleHead['texts']; digest: string } {
    if (this.#head === undefined || this.#digest === undefined)
      throw new Refusal('ends before its end: it was cut off on its way, fetch it again')
    const { plan: planId, texts } = this.#head
    if (this.#rows['plan'] !== 1 || this.#rows['experiment'] !== 1) throw new Refusal('has no plan, or several')
    const wrong = checkReferences(this.#store, planId)
    if (wrong !== undefined) throw new Refusal(wrong)
    return { planId, texts, digest: this.#digest }
  }

  #takeRow({ in: name, ...fields }: Fields): void {
    const at = bundleTables.findIndex((table) => table.name === name)
    const table = bundleTables[at]
    if (table === undefined) throw new Refusal('has a row of no table that a bundle has')
    if (at < this.#table) throw new Refusal(`has a row of ${table.name} after those of other tables`)
    this.#table = at
    this.#rows[table.name] = (this.#rows[table.name] ?? 0) + 1
    checked(table.schema, fields, table.name)
    const { texts, plan } = this.#head as BundleHead
    const owner = table.name === 'plan' ? fields['id'] : fields['plan']
    if (owner !== undefined && owner !== plan) throw new Refusal('has rows of another plan')
    const whole = texts === 'all' ? withTexts(fields, table) : this.#withKnownTexts(fields, table)
    insertRow(this.#store, { table: table.name, columns: table.columns, row: rowOf(whole, table) })
  }

  /** Texts that were left out, as far as they are known here. */
  #withKnownTexts(fields: Fields, { name }: BundleTable): Fields {
    if (name === 'experiment') return { ...fields, text: '' }
    if (name === 'prompt') return { ...fields, text: this.#textOf(fields['digest'] as string) ?? '' }
    if (name !== 'cell') return fields
    return { ...fields, config: withKnownTexts(fields['config'] as Fields, this.#textOf) }
  }

  #takeEnd({ rows, sha256 }: z.output<typeof endSchema>['end']): void {
    const digest = this.#hash.digest('hex')
    const counts = bundleTables.every(({ name }) => (rows[name] ?? 0) === (this.#rows[name] ?? 0))
    if (sha256 !== digest || !counts) throw new Refusal('is not what was written: its digest differs, fetch it again')
    this.#digest = digest
  }
}

function valueOf(bytes: Buffer): Fields {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Refusal('is not UTF-8 text')
  }
  try {
    const value = parseExactJson(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch (error) {
    throw new Refusal((error as Error).message, { cause: error })
  }
  throw new Refusal('is no map of keys')
}

function headOf(value: Fields): BundleHead {
  if (value['format'] !== bundleFormat) throw new Refusal('is no bundle: benchbook export ID -o x.bundle makes one')
  if (typeof value['version'] === 'number' && value['version'] > bundleVersion)
    throw new Refusal('was made by a newer benchbook: update this one')
  return checked(headSchema, value)
}

function checked<S extends z.ZodType>(schema: S, fields: unknown, name?: string): z.output<S> {
  const result = checkValue(schema, fields)
  if (result.status === 'ok') return result.value
  const [{ path, message }] = result.findings as [(typeof result.findings)[number]]
  throw new Refusal(withPath(name === undefined ? path : [name, ...path], message))
}

function withTexts(fields: Fields, { name }: BundleTable): Fields {
  const { text, digest } = fields
  if (name !== 'prompt' && name !== 'experiment') return fields
  if (typeof text !== 'string')
    throw new Refusal(`has a row of ${name} without its text, and its head says that all are there`)
  if (name === 'prompt' && digestOf(text) !== digest) throw new Refusal('has a prompt whose digest is another')
  return fields
}

function rowOf(fields: Fields, { columns, json }: BundleTable): Row {
  const present = columns.filter((column) => fields[column] !== undefined)
  return Object.fromEntries(
    present.map((column) => {
      const value = fields[column]
      return [column, json.includes(column) ? JSON.stringify(value) : (value as string | number)]
    }),
  )
}
