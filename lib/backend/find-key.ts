/** Where a key stands in text: from `start` to before `end`. */
export type KeyRange = { start: number; end: number }

/** Shorter than this a beginning of the key may be anything, and a piece of base64 as well. */
const leastBeginning = 4
const leastEncoded = 6

/** One character as JSON, JSON within JSON, a URL, a URL within a URL, HTML or a shell may have it. The number of backslashes has an end. */
const escaped =
  /\\{1,4}u00(?<u>[\da-f]{2})|\\{1,4}x(?<x>[\da-f]{2})|%(?:25){0,2}(?<url>[\da-f]{2})|&#0*(?<decimal>\d{1,3});|&#x0*(?<hex>[\da-f]{1,2});|&(?<name>amp|lt|gt|quot|apos);|\\{1,4}(?<bare>[^\\])/iy
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const [ampersand, percent, backslash] = [38, 37, 92]
/** What a cut leaves of such a character. */
const unfinished = /(?:%(?:25){0,2}[\da-f]?|\\{1,4}(?:u[\da-f]{0,3}|x[\da-f]?)?|&[#a-z\d]{0,6})$/i

/**
 * Each place where `key` stands in `text`, however its server wrote it: as it is, escaped, mixed as they come, or in base64, also where
 * that begins in the middle of what was encoded, such as `Bearer KEY`. Reads the text once, however long the key is.
 */
export function keyRanges(text: string, key: string): KeyRange[] {
  return needlesOf(key)
    .flatMap((needle) => search(text, needle).whole)
    .toSorted((a, b) => a.start - b.start)
}

/** Where a beginning of the key stands at the end of text that was cut, of four characters or more; the longest. */
export function keyBeginning(text: string, key: string): number | undefined {
  const starts = [text, text.replace(unfinished, '')].flatMap((piece) =>
    needlesOf(key).flatMap((needle) => search(piece, needle).beginning ?? []),
  )
  return starts.length === 0 ? undefined : Math.min(...starts)
}

/** What is looked for, with how far a match that breaks off there may go on (Knuth, Morris and Pratt). */
type Needle = { codes: readonly number[]; back: readonly number[] }

let last: { key: string; needles: readonly Needle[] } | undefined

function needlesOf(key: string): readonly Needle[] {
  if (last?.key !== key) last = { key, needles: [key, ...encodings(key)].map(needleOf) }
  return last.needles
}

function needleOf(text: string): Needle {
  const codes: number[] = []
  eachCharacter(text, (code) => codes.push(code))
  const back = [0]
  for (let at = 1, length = 0; at < codes.length; at += 1) {
    while (length > 0 && codes[at] !== codes[length]) length = back[length - 1] as number
    if (codes[at] === codes[length]) length += 1
    back.push(length)
  }
  return { codes, back }
}

function search(text: string, { codes, back }: Needle): { whole: KeyRange[]; beginning?: number } {
  const whole: KeyRange[] = []
  // Where each of the latest characters began, in turn.
  const starts = new Float64Array(codes.length)
  let [count, length] = [0, 0]
  const startOf = (characters: number) => starts[(count - characters) % codes.length] as number
  eachCharacter(text, (code, start, end) => {
    starts[count % codes.length] = start
    count += 1
    while (length > 0 && code !== codes[length]) length = back[length - 1] as number
    if (code === codes[length]) length += 1
    if (length < codes.length) return
    whole.push({ start: startOf(length), end })
    length = 0
  })
  return { whole, ...(length >= leastBeginning && { beginning: startOf(length) }) }
}

/** The characters that a text means, with the places of what stands for them. */
function eachCharacter(text: string, take: (code: number, start: number, end: number) => void): void {
  for (let at = 0, end = 0; at < text.length; at = end) {
    const code = text.charCodeAt(at)
    end = at + 1
    if (code !== backslash && code !== percent && code !== ampersand) {
      take(code, at, end)
      continue
    }
    escaped.lastIndex = at
    const found = escaped.exec(text)
    if (found !== null) end = escaped.lastIndex
    take(found === null ? code : codeOf(found.groups ?? {}), at, end)
  }
}

function codeOf({ u, x, url, decimal, hex, name, bare }: Readonly<Record<string, string | undefined>>): number {
  if (decimal !== undefined) return Number(decimal)
  if (name !== undefined) return (named[name.toLowerCase()] as string).charCodeAt(0)
  return bare === undefined ? Number.parseInt(u ?? x ?? url ?? hex ?? '', 16) : bare.charCodeAt(0)
}

/** Its base64 and base64url at each of the three places where it can begin: the characters that are its own alone. */
function encodings(key: string): string[] {
  const found = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(key)])
    const from = Math.ceil((before * 8) / 6)
    const to = Math.floor((bytes.length * 8) / 6)
    return (['base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding).slice(from, to))
  })
  return [...new Set(found)].filter((text) => text.length >= leastEncoded)
}
