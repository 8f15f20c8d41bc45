import { readPrompts, readText } from './read-prompts.ts'
import { synthesize } from './synthesize.ts'
import { readTokenizer } from './tokenizer.ts'

/** What an expansion of an experiment needs of prompts. */
export const promptPorts = {
  prompts: readPrompts,
  text: readText,
  madePrompts: synthesize,
  tokenizer: readTokenizer,
}
