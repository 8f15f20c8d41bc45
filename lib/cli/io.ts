import type { Place } from '../lab/lab.ts'
import type { Terminal } from './terminal.ts'

/** What a command may use of the outside. */
export type Io = Place & {
  stdout: (text: string) => void
  /** Whether what is printed is looked at as it is; else a program reads it. */
  stdoutIsTerminal?: boolean
  /** How many columns that has now; `undefined` where nobody says. */
  stdoutColumns?: () => number | undefined
  /** Prints pieces one after the other, as fast as they are taken. */
  stdoutAll: (pieces: Iterable<string | Uint8Array>) => Promise<void>
  stderr: (text: string) => void
  /** Asks the user; absent where nobody can be asked. */
  confirm?: (question: string) => Promise<boolean>
  /** What standard error writes to, where that can be drawn over. */
  terminal?: Terminal | undefined
  /** From now on Ctrl-C is told instead of ending the program: once, twice. */
  catchInterrupts: () => { soft: AbortSignal; hard: AbortSignal }
  /** Resolves when the program is told to end, with what told it: for what runs until then. */
  whenTold: () => Promise<'SIGINT' | 'SIGTERM'>
}

/** The options of every command. */
export type CommonOptions = { json?: true; store?: string }

/** Version of everything that `--json` prints: raised when a field changes its meaning or goes. */
const jsonVersion = 1

/** Prints one value as JSON. */
export function printJson(io: Io, value: object): void {
  io.stdout(jsonText(value))
}

/** One value as JSON, as it is printed. */
export const jsonText = (value: object): string =>
  `${visible(JSON.stringify({ benchbook: jsonVersion, ...value }, null, 2))}\n`

/** JSON in which nothing speaks to a terminal; it means the same. */
export const visible = (json: string): string => json.replace(unseen, escaped)

// JSON leaves the upper control characters and those that reorder text as they are; a terminal would obey them.
const unseen = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
