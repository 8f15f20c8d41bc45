import { asksServer, type BackendConfig } from '../domain/backend-config.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import { wordsName, type Tokenizer } from '../domain/tokenizer.ts'
import { orThrow } from '../parse/problem.ts'
import { readTokenizer, wordTokenizer } from '../prompts/tokenizer.ts'

/** The name of the tokenizer that counts what a backend writes, where one is named. */
const nameOf = (backend: BackendConfig) => (asksServer(backend) ? backend.tokenizer : undefined)

/** The tokenizer that counts the outputs of a launch; `undefined` where none is named. Throws a `UserError` where it cannot be read. */
export async function launchTokenizer({ backend, files }: LaunchSpec): Promise<Tokenizer | undefined> {
  const name = nameOf(backend)
  if (name === undefined) return undefined
  if (name === wordsName) return wordTokenizer
  return orThrow(await readTokenizer({ file: name, path: files?.[name] ?? name })).tokenizer
}
