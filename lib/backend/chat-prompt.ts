import { Template } from '@huggingface/jinja'
import { EngineFailure } from '../domain/backend.ts'

/** A model's chat template, and the texts of the tokens that it may name. */
export type ChatTemplate = { text: string; bosToken: string; eosToken: string }
/** A system's message, where there is one, and a user's. */
export type Chat = { system?: string; user: string }
/** What a template made of a chat. */
export type RenderedChat = {
  text: string
  /** The template's own texts and between them those of the chat; absent where the template changes what it is given. */
  parts?: readonly { from: 'template' | 'chat'; text: string }[]
}

// A template that asks for the time would make another prompt every day, and of every locale. It is part of what is measured.
const pinned = {
  Y: '2025',
  y: '25',
  m: '01',
  B: 'January',
  b: 'Jan',
  d: '01',
  A: 'Wednesday',
  a: 'Wed',
  H: '00',
  M: '00',
  S: '00',
}
const replacing = Object.entries(pinned).map(([directive, text]) => ` | replace('%${directive}', '${text}')`)
// The line's end belongs to the block: what the template begins with is still at the start of a line.
const pinnedClock = `{% macro strftime_now(format) %}{{ format${replacing.join('')} }}{% endmacro %}\n`

// Private-use characters, which no template looks for.
const marks = { system: '\uE000system\uE001', user: '\uE000user\uE001' }

/** Renders chats by a template, ready for the answer. Throws an `EngineFailure` where the template does not work. */
export class ChatRenderer {
  readonly #template: ChatTemplate
  readonly #compiled: Template
  readonly #skeletons = new Map<boolean, string>()

  constructor(template: ChatTemplate) {
    this.#template = template
    this.#compiled = working(() => new Template(pinnedClock + template.text))
  }

  render({ system, user }: Chat): RenderedChat {
    const text = this.#render(messagesOf({ ...(system !== undefined && { system }), user }))
    if (text === '') throw new EngineFailure('chat-template', "the model's chat template gives an empty prompt")
    const skeleton = this.skeleton(system !== undefined)
    const exact = partsOf(skeleton, { ...(system !== undefined && { system }), user })
    const trimmed = partsOf(skeleton, { ...(system !== undefined && { system: system.trim() }), user: user.trim() })
    const parts = [exact, trimmed].find((each) => each.map((part) => part.text).join('') === text)
    return { text, ...(parts && { parts }) }
  }

  /** What the template gives of texts that nobody would write: what is special in it is the template's own. */
  skeleton(withSystem: boolean): string {
    const known = this.#skeletons.get(withSystem)
    if (known !== undefined) return known
    const made = this.#render(messagesOf(withSystem ? marks : { user: marks.user }))
    this.#skeletons.set(withSystem, made)
    return made
  }

  #render(messages: readonly { role: string; content: string }[]): string {
    const { bosToken, eosToken } = this.#template
    const values = { messages, add_generation_prompt: true, bos_token: bosToken, eos_token: eosToken }
    return working(() => this.#compiled.render(values))
  }
}

function messagesOf({ system, user }: Chat) {
  const own = { role: 'user', content: user }
  return system === undefined ? [own] : [{ role: 'system', content: system }, own]
}

function partsOf(skeleton: string, chat: Chat): NonNullable<RenderedChat['parts']> {
  return skeleton.split(/(\uE000(?:system|user)\uE001)/u).map((text) => {
    if (text === marks.system) return { from: 'chat', text: chat.system ?? '' }
    return text === marks.user ? { from: 'chat', text: chat.user } : { from: 'template', text }
  })
}

function working<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    const { message } = error as Error
    throw new EngineFailure('chat-template', `the model's chat template does not work: ${message}`, { cause: error })
  }
}
