const longest = 60

/** A value from outside as it is shown inside a message: JSON, in one line, cut where it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

// Control characters, and those that reorder or hide text on a terminal.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text from outside made fit for one line of a terminal: what cannot be seen is written as its code. */
export function plain(text: string): string {
  return text.replace(unseen, (character) =>
    character === '\t' ? ' ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
