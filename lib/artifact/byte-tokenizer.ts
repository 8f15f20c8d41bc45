import { chatTemplateKey } from './describe-gguf.ts'
import type { GgufEntry } from './encode-gguf-header.ts'

/** Tokens of `byteTokenizer`, the padding included. */
export const byteTokenizerSize = 512

const tokenTypes = { normal: 1, control: 3, unused: 5 } as const
/** ChatML: what it puts around a message cannot be written by one, as its marks are control tokens. */
const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
const mergedLetters = 'etaoinshrdlu'.split('')

/**
 * A byte-level BPE tokenizer as GGUF metadata: any text is tokenized and comes back unchanged. 256 bytes, the pairs of the
 * twelve commonest letters, a space before each of these, begin and end of a sequence and of a message, padding. With a
 * template for chats.
 */
export function byteTokenizer(): Readonly<Record<string, GgufEntry>> {
  const bytes = byteCharacters()
  const merges = [
    ...mergedLetters.flatMap((first) => mergedLetters.map((second) => [first, second] as const)),
    ...mergedLetters.map((letter) => [bytes[0x20] as string, letter] as const),
  ]
  const normal = [...bytes, ...merges.map(([first, second]) => first + second)]
  const special = ['<|bos|>', '<|eos|>', '<|im_start|>', '<|im_end|>']
  const used = normal.length + special.length
  const padding = Array.from({ length: byteTokenizerSize - used }, (_, index) => `<|unused${used + index}|>`)
  const types = [
    ...normal.map(() => tokenTypes.normal),
    ...special.map(() => tokenTypes.control),
    ...padding.map(() => tokenTypes.unused),
  ]
  return {
    'tokenizer.ggml.model': { type: 'string', value: 'gpt2' },
    'tokenizer.ggml.pre': { type: 'string', value: 'gpt-2' },
    'tokenizer.ggml.tokens': { type: 'strings', value: [...normal, ...special, ...padding] },
    'tokenizer.ggml.token_type': { type: 'i32s', value: types },
    'tokenizer.ggml.merges': { type: 'strings', value: merges.map((pair) => pair.join(' ')) },
    'tokenizer.ggml.bos_token_id': { type: 'u32', value: normal.length },
    'tokenizer.ggml.eos_token_id': { type: 'u32', value: normal.length + 1 },
    'tokenizer.ggml.eot_token_id': { type: 'u32', value: normal.length + 3 },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    [chatTemplateKey]: { type: 'string', value: chatTemplate },
  }
}

/** The printable character by which GPT-2 writes each byte: its own where it has one, else one from 256 on. */
function byteCharacters(): string[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
    return String.fromCharCode(isPrintable ? byte : next++)
  })
}
