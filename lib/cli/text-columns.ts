import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many columns of a terminal a plain text takes. */
export const widthOf = (text: string): number => stringWidth(text)

/** A plain text cut to so many columns, with an ellipsis where something is left out. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let [kept, width] = ['', 0]
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return columns < 1 ? '' : `${kept}…`
}

/** A plain text cut or filled with spaces to exactly so many columns. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const short = cut(text, columns)
  const space = ' '.repeat(Math.max(0, columns - widthOf(short)))
  return align === 'left' ? short + space : space + short
}
