import { countWords } from './emulated-text.ts'

/** What a request asks for, as far as the emulated server cares. */
export type Ask = {
  kind: 'chat' | 'completion'
  model: string
  stream: boolean
  promptTokens: number
  outputTokens: number
  finish: 'length' | 'stop'
  /** Usage is wanted: at the end of a stream, or with every chunk. */
  usage: 'none' | 'end' | 'continuous'
}

/** A request that is answered with an error. */
export type Refusal = { status: number; message: string; type: string; param?: string; code?: string | number }

const unaskedTokens = 128
const mostTokens = 1_000_000

export type Body = Readonly<Record<string, unknown>>

/** The body of a request; `undefined` where it is no JSON object. */
export function bodyOf(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

export const noObject = (): Refusal => invalid('The body is not a JSON object.')

/** Whether there is a model of that name; one called `*` stands for any. */
export const hasModel = (models: readonly string[], model: string): boolean =>
  models.includes(model) || models.includes('*')

/** How many tokens are asked for under a name, and how the answer ends then. */
export function limitOf(asked: unknown, name: string): Pick<Ask, 'outputTokens' | 'finish'> | Refusal {
  const outputTokens = asked === undefined || asked === null ? unaskedTokens : Number(asked)
  if (!Number.isSafeInteger(outputTokens) || outputTokens < 1 || outputTokens > mostTokens)
    return invalid(`Must be a whole number from 1 to ${mostTokens}.`, name)
  return { outputTokens, finish: asked === undefined || asked === null ? 'stop' : 'length' }
}

/** Reads the body of a request in OpenAI's form. */
export function readAsk(kind: Ask['kind'], text: string, models: readonly string[]): Ask | Refusal {
  const body = bodyOf(text)
  if (body === undefined) return noObject()
  const { model } = body
  if (typeof model !== 'string') return invalid('Must be text.', 'model')
  if (!hasModel(models, model)) return unknownModel(model)
  const promptTokens = kind === 'chat' ? messageTokens(body['messages']) : promptTokensOf(body['prompt'])
  if (promptTokens === undefined)
    return kind === 'chat'
      ? invalid('Must be a list of messages.', 'messages')
      : invalid('Must be one prompt.', 'prompt')
  const limit = limitOf(body['max_completion_tokens'] ?? body['max_tokens'], 'max_tokens')
  if ('status' in limit) return limit
  if ((body['n'] ?? 1) !== 1) return invalid('Must be 1: this server gives one choice.', 'n')
  const stream = body['stream'] === true
  return { kind, model, stream, promptTokens, ...limit, usage: usageOf(body, stream) }
}

function usageOf(body: Body, stream: boolean): Ask['usage'] {
  if (!stream) return 'end'
  const options = (body['stream_options'] ?? {}) as Body
  if (options['continuous_usage_stats'] === true && options['include_usage'] === true) return 'continuous'
  return options['include_usage'] === true ? 'end' : 'none'
}

/** The words of all messages; `undefined` where they are none. */
export function messageTokens(messages: unknown): number | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return undefined
  const contents = messages.map((message: Body | null) => contentText(message?.['content']))
  return contents.some((content) => content === undefined) ? undefined : countWords(contents.join(' '))
}

function contentText(content: unknown): string | undefined {
  if (typeof content === 'string') return content
  if (content === null) return '' // an assistant's call of a tool
  if (!Array.isArray(content)) return undefined
  return content.map((part: Body | null) => (typeof part?.['text'] === 'string' ? part['text'] : '')).join(' ')
}

/** The words of a prompt, or as many as it has tokens; `undefined` where it is none. */
export function promptTokensOf(prompt: unknown): number | undefined {
  if (typeof prompt === 'string') return countWords(prompt)
  if (!Array.isArray(prompt) || prompt.length === 0) return undefined
  if (prompt.every((token) => typeof token === 'number')) return prompt.length
  return prompt.length === 1 ? promptTokensOf(prompt[0]) : undefined
}

/** A request that is not as it should be; `param` names what is amiss. */
export const invalid = (message: string, param?: string): Refusal => ({
  status: 400,
  message,
  type: 'invalid_request_error',
  ...(param !== undefined && { param }),
})

const unknownModel = (model: string): Refusal => ({
  status: 404,
  message: `The model ${JSON.stringify(model)} does not exist.`,
  type: 'invalid_request_error',
  param: 'model',
  code: 'model_not_found',
})
