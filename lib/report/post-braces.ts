import type { Problem } from '../parse/problem.ts'

/** A `{{…}}` of a post, from `start` to `end` (exclusive) of its text; those that a backslash makes text are none. */
export type Braces = { start: number; end: number; text: string }
/** The place of something in a post, by its offset. */
export type PlaceAt = (offset: number) => Problem['place']

const mostDeep = 20
const literal = 'to have braces as they stand, write \\{{'

/** Every `{{…}}` of `text`, up to one that has no end. */
export function bracesIn(text: string): { all: Braces[]; unclosed?: number } {
  const all: Braces[] = []
  for (let at = 0; ;) {
    const start = text.indexOf('{{', at)
    if (start < 0) return { all }
    at = start + 2
    if (text[start - 1] === '\\' && text[start - 2] !== '\\') continue
    const end = endOf(text, start)
    if (end === undefined) return { all, unclosed: start }
    all.push({ start, end, text: text.slice(start, end) })
    at = end
  }
}

function endOf(text: string, start: number): number | undefined {
  const head = text.slice(start, start + 6)
  const mark = /^\{\{~?!--/.test(head)
    ? (text.indexOf('--~}}', start) + 1 || text.indexOf('--}}', start) + 1) - 1
    : start
  if (mark < 0) return undefined
  const found = text.indexOf('}}', mark)
  if (found < 0) return undefined
  return found + (head.startsWith('{{{') && text[found + 2] === '}' ? 3 : 2)
}

/** What is wrong with how the `{{…}}` of `text` are opened, closed and nested, each with its place. */
export function bracesProblems(text: string, placeAt: PlaceAt): Problem[] {
  const { all, unclosed } = bracesIn(text)
  const problems: Problem[] = []
  const say = (start: number, message: string) => void problems.push({ place: placeAt(start), message })
  const open: Braces[] = []
  for (const braces of all) {
    if (/^\{\{~?(?:#|\^\s*[^\s~}])/.test(braces.text)) open.push(braces)
    else if (/^\{\{~?\//.test(braces.text) && open.pop() === undefined)
      say(braces.start, `${shown(braces)} closes nothing`)
    if (open.length > mostDeep)
      return [{ place: placeAt(braces.start), message: `more than ${mostDeep} {{#…}} are nested: make it flatter` }]
  }
  for (const braces of open) say(braces.start, `${shown(braces)} is not closed: end it with {{/${nameIn(braces)}}}`)
  if (unclosed !== undefined) say(unclosed, `{{ is not closed: end it with }}; ${literal}`)
  return problems
}

const nameIn = ({ text }: Braces) => /[\w.]+/.exec(text)?.[0] ?? 'if'

const longestShown = 60
/** As it stands, in a line. */
export function shown({ text }: Pick<Braces, 'text'>): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line
}

/** Ends every message about something in braces that means nothing here. */
export const literalHint = literal
