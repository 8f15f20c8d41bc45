import type { z } from 'zod'
import { didYouMean } from '../domain/nearest.ts'
import { kindsBeside, type KindKeys } from './by-kind.ts'
import { keysBelow } from './keys-below.ts'
import { quote } from './quote.ts'
import { hidden, isSecretPath } from './without-secrets.ts'

type Issue = z.core.$ZodIssue

/** What is wrong with a value, in words for whoever wrote it. */
export type Finding = {
  path: readonly PropertyKey[]
  /** `key` where the key itself is wrong. */
  on: 'key' | 'value'
  /** `unknown-key`: the schema has no such key; `missing`: there is nothing at the path. */
  kind: 'unknown-key' | 'missing' | 'other'
  message: string
  /** Of an unknown key what may have been meant, as the message has it after the key. */
  hint?: string
  /** Of an unknown key the other kinds that have it. */
  kinds?: readonly string[]
}

/**
 * zod's error map: no wording by zod itself, so that what is left is a schema's own. The issue of unknown keys does not say
 * which keys are known, so its message carries them.
 */
export function wording(raw: z.core.$ZodRawIssue): string {
  if (raw.code !== 'unrecognized_keys') return ''
  const { shape, keyType } = raw.inst as unknown as Keyed
  const known = shape === undefined ? (keyType?.options ?? []) : Object.keys(shape)
  const below = shape === undefined ? {} : keysBelow(shape)
  return JSON.stringify({ known, below, ...(raw.inst && kindsBeside(raw.inst)) } satisfies Known)
}
/** The keys that a map may have; where there are several kinds of it, which kind it is, and the keys of the others. */
type Known = {
  known: readonly string[]
  /** Of keys that are maps themselves, what those may have. */
  below?: Readonly<Record<string, readonly string[]>>
  kind?: string
  others?: readonly KindKeys[]
}
const knownIn = (message: string) => JSON.parse(message) as Known
/** A schema of a map: of keys with a schema each, or of keys out of a list. */
type Keyed = { shape?: Readonly<Record<string, unknown>>; keyType?: { options?: readonly string[] } }

/** Rewords one issue of zod; unknown keys become one finding each. */
export function explainIssue(given: Issue): Finding[] {
  const isSecret = isSecretPath(given.path) && given.input !== undefined
  const issue = isSecret ? ({ ...given, input: hidden(given.input) } as Issue) : given
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue, key))
  if (issue.code === 'invalid_union') return issue.message === '' ? explainUnion(issue) : [ownWords(issue)]
  if (issue.code === 'invalid_key') return [{ path: issue.path, on: 'key', kind: 'other', message: keyMessage(issue) }]
  if (issue.code === 'custom') return [finding(issue, issue.message)]
  return [issue.message === '' ? finding(issue, messageOf(issue)) : ownWords(issue)]
}

/** What a schema says of itself. */
const ownWords = (issue: Issue) =>
  finding(
    issue,
    issue.input === undefined ? `is missing: it ${issue.message}` : `${issue.message}, got ${got(issue.input)}`,
  )

function finding({ path, input }: Issue, message: string): Finding {
  return { path, on: 'value', kind: input === undefined ? 'missing' : 'other', message }
}

function unknownKey({ path, message }: Issue, key: string): Finding {
  const known = knownIn(message)
  const kinds = known.others?.filter(({ keys }) => keys.includes(key)).map((other) => other.kind) ?? []
  const hint = keyHint(key, known, kinds)
  const what = `unknown key ${quote(key)}${hint}`
  return { path: [...path, key], on: 'key', kind: 'unknown-key', message: what, hint, kinds }
}

function keyHint(key: string, { known, below = {}, kind }: Known, kinds: readonly string[]): string {
  if (kinds.length > 0) return `: kind ${kind} has none, it is a key of kind ${kinds.join(', ')}`
  const near = didYouMean(key, known)
  const parents = Object.keys(below).filter((parent) => below[parent]?.includes(key))
  if (near === '' && parents.length > 0) return `: it goes below ${parents.join(' or ')}`
  return near || `; known here: ${known.join(', ')}`
}

function keyMessage(issue: z.core.$ZodIssueInvalidKey): string {
  return `the key ${quote(issue.input)} ${issue.issues.map(({ message }) => message).join('; ')}`
}

function explainUnion(issue: z.core.$ZodIssueInvalidUnion): Finding[] {
  if (issue.discriminator !== undefined) {
    const given = (issue.input as Record<string, unknown>)[issue.discriminator]
    return [finding(issue, oneOf(optionsOf(issue), given))]
  }
  const branches = issue.errors.filter((errors) => !isType(errors))
  const forms = branches.flatMap((errors) => errors.filter((error) => isUnknownKeys(error)))
  if (branches.length > 1 && forms.length === branches.length) return noForm(issue, forms)
  const best = branches.toSorted((a, b) => distance(a) - distance(b))[0]
  if (best !== undefined) {
    return best.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] }))
  }
  const types = issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [typeName(first.expected)] : []))
  return [finding(issue, mustBe([...new Set(types)].join(' or '), issue.input))]
}

/** What a discriminator may be; where it may be left out, zod lists that beside the words. */
function optionsOf(issue: z.core.$ZodIssueInvalidUnion): readonly unknown[] {
  const options = 'options' in issue ? (issue.options ?? []) : []
  return options.filter((option) => option !== undefined)
}

function isUnknownKeys(issue: Issue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0
}

/** No form of a value has all the keys that it was given. */
function noForm(issue: Issue, forms: readonly z.core.$ZodIssueUnrecognizedKeys[]): Finding[] {
  const known = new Set(forms.flatMap(({ message }) => knownIn(message).known))
  const unknown = Object.keys(issue.input as object).filter((key) => !known.has(key))
  // The first key of each form names it.
  const names = [...new Set(forms.map(({ message }) => knownIn(message).known[0] as string))]
  const given = names.filter((name) => Object.hasOwn(issue.input as object, name))
  if (unknown.length > 0)
    return unknown.map((key) => unknownKey({ ...issue, message: JSON.stringify({ known: [...known] }) }, key))
  if (given.length > 1) return [finding(issue, `has ${given.join(' and ')}, of which it may have one`)]
  return [finding(issue, `must have either ${names.join(' or ')}`)]
}

/** The value is of another type altogether than this branch of the union. */
function isType([first]: readonly Issue[]): boolean {
  return first?.code === 'invalid_type' && first.path.length === 0
}

/** How far a value is from a branch: mistakes further down count less, since the branch fits above them. */
function distance(errors: readonly Issue[]): number {
  return errors.filter(({ code, path }) => path.length + (code === 'unrecognized_keys' ? 1 : 0) <= 1).length
}

function messageOf(
  issue: Exclude<Issue, { code: 'unrecognized_keys' | 'invalid_union' | 'invalid_key' | 'custom' }>,
): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(typeName(issue.expected), issue.input)
    case 'invalid_value':
      return oneOf(issue.values, issue.input)
    case 'too_small':
      return bound(issue, 'at least', Number(issue.minimum))
    case 'too_big':
      return bound(issue, 'at most', Number(issue.maximum))
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, got ${got(issue.input)}`
    case 'invalid_format':
    case 'invalid_element':
      return `does not fit: got ${got(issue.input)}`
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
}
const typeName = (type: string): string => typeNames[type] ?? type

const got = (input: unknown): string => (input === null ? 'nothing' : quote(input))

function mustBe(what: string, input: unknown): string {
  if (input === undefined) return `is missing: it must be ${what}`
  const quotes =
    what === 'text' && (typeof input === 'number' || typeof input === 'boolean') ? ': put it in quotes' : ''
  return `must be ${what}, got ${got(input)}${quotes}`
}

function oneOf(values: readonly unknown[], input: unknown): string {
  const names = values.map(String)
  const what = names.length === 1 ? quote(values[0]) : `one of ${names.join(', ')}`
  if (input === undefined) return `is missing: it must be ${what}`
  const hint = typeof input === 'string' ? didYouMean(input, names) : ''
  return `must be ${what}, got ${got(input)}${hint}`
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, words: string, limit: number): string {
  const atLeastOne = issue.code === 'too_small' && limit === 1
  if (issue.origin === 'array') return atLeastOne ? 'needs at least one value' : `must have ${words} ${limit} values`
  if (issue.origin === 'string') return atLeastOne ? 'must not be empty' : `must have ${words} ${limit} characters`
  const than = issue.code === 'too_small' ? 'more than' : 'less than'
  return `must be ${issue.inclusive === false ? than : words} ${limit}, got ${got(issue.input)}`
}
