import type { LlamaModel, Token } from 'node-llama-cpp'
import { EngineFailure } from '../domain/backend.ts'
import type { ChatWorkload } from '../domain/cell.ts'
import { ChatRenderer, type RenderedChat } from './chat-prompt.ts'

/**
 * The tokens of every prompt of a chat, by the model's own template. Special tokens are the template's alone: where a prompt
 * holds the text of one, it is tokenized apart, as plain text. BOS comes first where the model wants one, and never twice.
 * Throws an `EngineFailure` where there is no template or it does not work.
 */
export function chatPrompts(workload: ChatWorkload, model: LlamaModel): { id: string; tokens: Token[] }[] {
  const { system } = workload
  const renderer = new ChatRenderer(templateOf(model))
  const own = specialTokens(model, model.tokenize(renderer.skeleton(system !== undefined), true))
  return workload.prompts.map(({ id, text }) => {
    const rendered = renderer.render({ ...(system !== undefined && { system }), user: text })
    const whole = model.tokenize(rendered.text, true)
    const tokens = specialTokens(model, whole).length === own.length ? whole : apart(id, rendered, model)
    return { id, tokens: withBos(tokens, model) }
  })
}

function templateOf(model: LlamaModel) {
  const text: unknown = model.fileInfo.metadata.tokenizer.chat_template
  if (typeof text !== 'string' || text === '')
    throw new EngineFailure('chat-template', 'the model file has no chat template (tokenizer.chat_template)')
  const { bosString, eosString } = model.tokens
  return { text, bosToken: bosString ?? '', eosToken: eosString ?? '' }
}

function apart(id: string, { parts }: RenderedChat, model: LlamaModel): Token[] {
  if (parts === undefined)
    throw new EngineFailure(
      'chat-template',
      `prompt ${id} holds the text of a special token, and the model's chat template changes what it is given, so that the two cannot be told apart: take it out`,
    )
  return parts.flatMap(({ from, text }) => model.tokenize(text, from === 'template'))
}

const specialTokens = (model: LlamaModel, tokens: readonly Token[]) =>
  tokens.filter((token) => model.isSpecialToken(token))

function withBos(tokens: Token[], { tokens: { bos, shouldPrependBosToken } }: LlamaModel): Token[] {
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens
}
