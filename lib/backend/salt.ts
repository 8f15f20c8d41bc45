import { createHash } from 'node:crypto'

// Words of four letters that most tokenizers have as one token each: every salt is as long as any other.
const words = (
  'able also area away back base bear blue book both call city dark deep door down ' +
  'east face fall farm fire fish five form four free gold good hand hard head high'
).split(' ')
const wordsOfOne = 8

/**
 * A prefix that no other request has: its first word already differs for all but one in 32, so that a prefix cache finds
 * next to nothing. Equal parts give an equal salt.
 */
export function saltOf(parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest()
  const drawn = Array.from({ length: wordsOfOne }, (_, i) => words[(digest[i] as number) % words.length] as string)
  return `${drawn.join(' ')}. `
}
