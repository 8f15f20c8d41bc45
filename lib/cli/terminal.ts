import type { WriteStream } from 'node:tty'

/** A terminal that can be drawn over. */
export type Terminal = {
  columns: () => number
  rows: () => number
  write: (text: string) => void
  /** Calls back when its size has changed; returns what ends that. */
  onResize: (listener: () => void) => () => void
  /** Whether its font has more than ASCII. */
  symbols: 'unicode' | 'ascii'
}

/** The terminal that a stream writes to; `undefined` where it is none, or its user wants plain lines. */
export function terminalOf(
  stream: Pick<WriteStream, 'isTTY' | 'columns' | 'rows' | 'write' | 'on' | 'off'>,
  env: Readonly<Record<string, string | undefined>>,
): Terminal | undefined {
  const { NO_COLOR = '', CI = '', TERM = '' } = env
  const plainLines = NO_COLOR !== '' || !['', '0', 'false'].includes(CI) || TERM === 'dumb'
  if (!stream.isTTY || plainLines) return undefined
  return {
    columns: () => stream.columns || 80, // 0 where the other end does not know
    rows: () => stream.rows || 24,
    write: (text) => void stream.write(text),
    onResize: (listener) => {
      stream.on('resize', listener)
      return () => void stream.off('resize', listener)
    },
    symbols: TERM === 'linux' || !speaksUtf8(env) ? 'ascii' : 'unicode',
  }
}

function speaksUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  if (process.platform === 'win32') return true
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return locale === '' || /utf-?8/i.test(locale)
}
