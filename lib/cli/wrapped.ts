import { wordLines } from '../domain/word-lines.ts'

const width = 78
const indent = '  '

/** Text in lines of at most 78 characters, each indented by two spaces. */
export function wrapped(text: string): string {
  return wordLines(text, width - indent.length)
    .map((line) => indent + line)
    .join('\n')
}
