import { plain } from '../domain/plain.ts'

const longest = 300

/** What a server sent, as a failure's detail shows it: one line, nothing unseen, cut: `…` says where. Of nothing it says so. */
export function evidence(text: string, most = longest): string {
  const line = text
    .slice(0, 4 * most)
    .trim()
    .replaceAll(/\s+/g, ' ')
  const isCut = line.length > most || text.length > 4 * most
  if (line === '') return '(empty)'
  return plain(isCut ? `${line.slice(0, most)}…` : line)
}
