import type { Problem } from '../parse/problem.ts'
import { bracesIn } from './post-braces.ts'
import type { PostSource } from './post-source.ts'

/** A number with a unit that an author has typed: no store holds it. */
export type TypedNumber = { place: Problem['place']; text: string }

const units = [
  String.raw`(?:tokens?|tok|images?|it|requests?|req|t|B|[KMG]i?B)(?:/s(?!\p{L})| (?:per|a) second)`,
  String.raw`(?:ms|µs|s|min|[KMGT]i?B|kB|m?W|k?Wh|J|x|USD|EUR|KRW)(?![\p{L}\d/])`,
  String.raw`(?:seconds?|minutes?|percent|per cent|times|dollars?|euros?)(?!\p{L})`,
  '%',
  '×',
  '€',
  '[-‑]?fold',
  '(?:밀리)?초',
  '토큰',
  '배',
  '퍼센트',
  '달러',
  '와트',
]
const number = String.raw`\d+(?:[.,\u202f\u00a0]\d+)*`
const typed = new RegExp(
  String.raw`(?<![\p{L}\d.,_/-])(?:[$€₩] ?${number}|${number}[ \u00a0\u202f]?(?:${units.join('|')}))`,
  'gu',
)

/** Code and addresses are no claims of their author. */
const passedOver = [/`[^`]+`/g, /\]\([^)]{0,300}\)/g, /https?:\/\/\S+/g]

/** The numbers with a unit in a post's prose, title and description that are bound to nothing: no check tells when they are no longer so. */
export function typedNumbers({ file, head, places, body, bodyLine }: PostSource): TypedNumber[] {
  const inHead = (['title', 'description'] as const).flatMap((key) =>
    numbersIn(head[key] ?? '').map(({ text }) => ({ place: places[key] ?? { file }, text })),
  )
  const inBody = numbersIn(body).map(({ line, column, text }) => ({
    place: { file, line: line + bodyLine - 1, column },
    text,
  }))
  return [...inHead, ...inBody]
}

function numbersIn(text: string): { line: number; column: number; text: string }[] {
  const commented = comments(text)
  return proseLines(blanked(text, [...bracesIn(text).all, ...commented])).flatMap(({ line, prose }) =>
    [...prose.matchAll(typed)].map((found) => ({ line, column: found.index + 1, text: found[0] })),
  )
}

type Range = { start: number; end: number }

/** Those of HTML. */
function comments(text: string): Range[] {
  const found: Range[] = []
  for (let at = text.indexOf('<!--'); at >= 0;) {
    const end = text.indexOf('-->', at)
    if (end < 0) break
    found.push({ start: at, end })
    at = text.indexOf('<!--', end)
  }
  return found
}

/** Lines outside of blocks of code, numbered from 1. */
function proseLines(text: string): { line: number; prose: string }[] {
  let fence: string | undefined
  return text.split('\n').flatMap((whole, at) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(whole)?.[1]
    const isCode = fence !== undefined || mark !== undefined
    if (fence === undefined) fence = mark
    else if (mark?.startsWith(fence) === true) fence = undefined
    return isCode
      ? []
      : [{ line: at + 1, prose: passedOver.reduce((left, each) => left.replaceAll(each, blank), whole) }]
  })
}

function blanked(text: string, ranges: readonly Range[]): string {
  let [at, left] = [0, '']
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue
    left += text.slice(at, start) + blank(text.slice(start, end))
    at = end
  }
  return left + text.slice(at)
}

/** As long, and as many lines. */
const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ')
