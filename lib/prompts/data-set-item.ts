import { quote } from '../parse/quote.ts'

/** How a data set is read. */
export type DataSetOptions = {
  /** The field that holds the prompt: a text, or a list of the turns of a conversation. */
  field?: string
  idField?: string
  maxTokensField?: string
  /** Prompts at most. */
  limit?: number
  /** Messages of the user at most, of a conversation. */
  turns?: number
}

/** `none`: a conversation in which the user says nothing. */
export type Item = { kind: 'item'; item: unknown } | { kind: 'none' } | { kind: 'wrong'; message: string }

type Fields = Readonly<Record<string, unknown>>
type Said = { kind: 'said'; said: readonly string[] } | { kind: 'wrong'; message: string }

/**
 * What a value of a data set is as an item of a list of prompts: from the field that is named, else by its shape (ShareGPT,
 * messages of OpenAI, `prompt`, `question`, `instruction` with `input`, `text` among other fields). What has none of these
 * shapes is taken for an item itself, and checked as such by the list's schema.
 */
export function itemOf(value: unknown, options: DataSetOptions): Item {
  const { field, turns = Number.POSITIVE_INFINITY } = options
  if (!isFields(value)) return field === undefined ? { kind: 'item', item: value } : wrong('is no map of fields')
  const content = field === undefined ? contentOf(value, options) : value[field]
  if (content === undefined)
    return field === undefined ? { kind: 'item', item: shortened(value, turns) } : wrong(missing(field, value))
  const result = saidIn(content)
  if (result.kind === 'wrong') return result
  const [text, ...rest] = result.said.slice(0, turns)
  if (text === undefined) return { kind: 'none' }
  const around = fieldsAround(value, options)
  if ('message' in around) return wrong(around.message)
  return { kind: 'item', item: goingOn({ ...around, text }, rest) }
}

const wrong = (message: string) => ({ kind: 'wrong', message }) as const

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function missing(field: string, value: Fields, kind = ''): string {
  const known = Object.keys(value).slice(0, 10).map(quote).join(', ')
  return `has no ${kind}field ${quote(field)}${known === '' ? '' : `; it has ${known}`}`
}

/** The prompt in one of the well-known shapes. */
function contentOf(value: Fields, { limit, idField, maxTokensField, turns }: DataSetOptions): unknown {
  const { text, conversations, messages, prompt, question, instruction, input } = value
  if (text !== undefined) {
    // Among prompts as people write them another field is a mistake, in a data set it is usual.
    const isDataSet = [limit, idField, maxTokensField, turns].some((option) => option !== undefined)
    return isDataSet && value['then'] === undefined && value['maxTokens'] === undefined ? text : undefined
  }
  if (typeof instruction === 'string')
    return typeof input === 'string' && input !== '' ? `${instruction}\n\n${input}` : instruction
  return conversations ?? messages ?? prompt ?? question
}

function fieldsAround(value: Fields, { idField, maxTokensField }: DataSetOptions): object | { message: string } {
  const around: { id?: string; maxTokens?: number } = {}
  if (idField !== undefined) {
    const id = value[idField]
    if (typeof id !== 'string' && typeof id !== 'number') return { message: missing(idField, value) }
    around.id = String(id)
  }
  if (maxTokensField !== undefined) {
    const maxTokens = value[maxTokensField]
    if (typeof maxTokens !== 'number') return { message: missing(maxTokensField, value, 'number ') }
    around.maxTokens = maxTokens
  }
  return around
}

/** Of an item that is one already, no more turns than are wanted. */
function shortened(value: Fields, turns: number): unknown {
  const { then, ...rest } = value
  if (!Array.isArray(then) || then.length < turns) return value
  return goingOn(rest, then.slice(0, turns - 1))
}

/** An item of a list of prompts, as people write it. */
function goingOn(item: object, then: readonly unknown[]): object {
  // oxlint-disable-next-line unicorn/no-thenable -- the key in the file
  return then.length === 0 ? item : { ...item, then }
}

/** What the user says: a text, or of a list of turns those that are the user's. */
function saidIn(content: unknown): Said {
  if (typeof content === 'string') return { kind: 'said', said: [content] }
  if (!Array.isArray(content)) return wrong(`must hold text or the turns of a conversation, got ${quote(content)}`)
  const said: string[] = []
  for (const turn of content as unknown[]) {
    const text = typeof turn === 'string' ? turn : userText(turn)
    if (typeof text === 'object') return text
    if (text !== undefined && text !== '') said.push(text)
  }
  return { kind: 'said', said }
}

const users: readonly unknown[] = ['human', 'user']

/** A turn as ShareGPT or OpenAI writes it; `undefined` where another than the user speaks. */
function userText(turn: unknown): string | undefined | Extract<Said, { kind: 'wrong' }> {
  if (!isFields(turn)) return wrong(`has a turn that is neither text nor a message: ${quote(turn)}`)
  if (!users.includes(turn['from'] ?? turn['role'])) return undefined
  const content = turn['value'] ?? turn['content']
  if (typeof content === 'string') return content
  const parts = Array.isArray(content) ? (content as unknown[]).map((part) => isFields(part) && part['text']) : []
  if (parts.length > 0 && parts.every((part) => typeof part === 'string')) return parts.join('\n')
  return wrong('has a message of the user that is not text alone')
}
