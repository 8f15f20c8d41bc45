// Control characters, and those that reorder or hide text on a terminal.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text from outside made fit for one line of a terminal: what cannot be seen is written as its code. */
export function plain(text: string): string {
  return text.replace(unseen, (character) =>
    character === '\t' ? ' ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** The same for text of several lines. */
export function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n')
}
