import { textWidth } from './text-width.ts'

/** On which side of its mark a text stands, as Vega's text marks have it. */
export type TextSide = { align: 'left' | 'right'; dx: number }

const away = 9

/**
 * To the right of a mark at `at`, or to the left where only that keeps the text clear of the upright lines at `rules` and of the
 * axis; all in pixels from the left of the plot. `from` is where the mark ends on its left.
 */
export function besideRules(at: number, text: string, rules: readonly number[], from = at): TextSide {
  const width = textWidth(text, 12) + away
  const clear = (left: number, right: number) => rules.every((rule) => rule < left || rule > right)
  const left = from - width >= 2 && clear(from - width, from)
  return !clear(at, at + width) && left ? { align: 'right', dx: -away } : { align: 'left', dx: away }
}
