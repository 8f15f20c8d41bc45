import { stripVTControlCharacters } from 'node:util'
import type { TrialState } from '../run/progress.ts'
import { cut, widthOf } from './text-columns.ts'

const colours = { green: 32, yellow: 33, red: 31, cyan: 36 } as const
const style = (code: number) => (text: string) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`)

// What a state is, its symbol says; the colour only repeats it.
const marks = {
  open: { unicode: '·', ascii: '.', paint: style(2) },
  running: { unicode: '▶', ascii: '>', paint: style(colours.cyan) },
  ok: { unicode: '✓', ascii: '+', paint: style(colours.green) },
  invalid: { unicode: '!', ascii: '!', paint: style(colours.yellow) },
  failed: { unicode: '✗', ascii: 'x', paint: style(colours.red) },
} as const satisfies Record<TrialState, object>

/** How things look on a terminal. */
export type Paint = {
  bold: (text: string) => string
  dim: (text: string) => string
  state: (state: TrialState) => string
  full: string
  empty: string
  /** A line that may hold colours, cut to so many columns: without them where it is too long. */
  cut: (line: string, columns: number) => string
}

/** How things look with these symbols. */
export function painter(symbols: 'unicode' | 'ascii'): Paint {
  return {
    bold: style(1),
    dim: style(2),
    state: (state) => marks[state].paint(marks[state][symbols]),
    full: symbols === 'unicode' ? '█' : '#',
    empty: symbols === 'unicode' ? '░' : '-',
    cut: (line, columns) => (widthOf(line) <= columns ? line : cut(stripVTControlCharacters(line), columns)),
  }
}
