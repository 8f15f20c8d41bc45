const narrow = new Set("ijlt.,:;|'!()[]{}/\\ frI·\u202f")
const wide = new Set('mwMW@%–—…+−±×<>=')

/**
 * How wide `text` is in a common sans-serif face of `fontSize` pixels: near enough to leave room for labels, and the same
 * on every machine, which no real font is.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0
  for (const character of text) ems += emsOf(character)
  return Math.ceil(ems * fontSize)
}

function emsOf(character: string): number {
  if (narrow.has(character)) return 0.36
  if (wide.has(character)) return 0.86
  if ((character.codePointAt(0) ?? 0) >= 0x1100) return 1
  return /\p{Lu}/u.test(character) ? 0.7 : 0.6
}
