import { readPrompts, readText } from './read-prompts.ts'
import { readTrace } from './read-trace.ts'
import { synthesize } from './synthesize.ts'
import { readTokenizer } from './tokenizer.ts'

/** What an expansion of an experiment needs of prompts, and of when they are sent. */
export const promptPorts = {
  prompts: readPrompts,
  text: readText,
  madePrompts: synthesize,
  tokenizer: readTokenizer,
  trace: readTrace,
}
