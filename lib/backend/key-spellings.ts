/** How a key is found in text, however its server wrote it. */
type Spellings = {
  /** Global: each place where all of it stands. */
  whole: RegExp
  /** A beginning of it, at the end of text that was cut. */
  beginning: RegExp
}

const leastBeginning = 4
let last: { key: string; spellings: Spellings } | undefined

/**
 * As it is; each character as JSON, JSON within JSON, a URL, HTML or a shell may have it, mixed as they come; and its base64, also
 * where it begins in the middle of what was encoded, such as `Bearer KEY` or `user:KEY`.
 */
export function spellingsOf(key: string): Spellings {
  if (last?.key !== key) last = { key, spellings: made(key) }
  return last.spellings
}

function made(key: string): Spellings {
  const units = [key.split('').map(spelled), ...encodings(key).map((text) => text.split('').map(exactly))]
  const beginnings = units.flatMap((each) => beginningsOf(each))
  return {
    whole: new RegExp(units.map((each) => each.join('')).join('|'), 'g'),
    beginning: new RegExp(`(?:${beginnings.join('|') || '(?!)'})${unfinished}$`),
  }
}

/** The longest first. */
function beginningsOf(units: readonly string[]): string[] {
  const lengths = Array.from({ length: Math.max(0, units.length - leastBeginning) }, (_, i) => units.length - 1 - i)
  return lengths.map((length) => units.slice(0, length).join(''))
}

/** The cut may lie within an escape. */
const unfinished = String.raw`(?:%[\da-fA-F]?|\\{1,4}(?:u[\da-fA-F]{0,3})?|&[#a-z\d]{0,6})?`

const named: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }

/** One character; the number of backslashes has an end, so that a text of nothing else is read once. */
function spelled(character: string): string {
  const code = character.charCodeAt(0)
  const hex = code
    .toString(16)
    .padStart(2, '0')
    .split('')
    .map((digit) => `[${digit}${digit.toUpperCase()}]`)
    .join('')
  const entity = named[character] === undefined ? '' : `|&${named[character]};`
  return String.raw`(?:\\{0,4}${exactly(character)}|\\{1,4}u00${hex}|\\{1,4}x${hex}|%(?:25){0,2}${hex}|&#0*${code};|&#[xX]0*${hex};${entity})`
}

const exactly = (character: string) =>
  character.replaceAll(/[^\da-zA-Z]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Shorter than this a piece of base64 may be anything. */
const leastEncoded = 6

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
