import { plain } from '../domain/plain.ts'

const longest = 300

/** What a server sent, as a failure's detail shows it: one line, nothing unseen, cut. */
export function evidence(text: string, most = longest): string {
  const line = text
    .slice(0, 4 * most)
    .trim()
    .replaceAll(/\s+/g, ' ')
  return plain(line.length > most ? `${line.slice(0, most)}…` : line)
}
