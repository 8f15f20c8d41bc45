import type { Place } from '../lab/lab.ts'

/** What a command may use of the outside. */
export type Io = Place & {
  stdout: (text: string) => void
  /** Prints pieces one after the other, as fast as they are taken. */
  stdoutAll: (pieces: Iterable<string>) => Promise<void>
  stderr: (text: string) => void
  /** From now on Ctrl-C is told instead of ending the program: once, twice. */
  catchInterrupts: () => { soft: AbortSignal; hard: AbortSignal }
}

/** The options of every command. */
export type CommonOptions = { json?: true; store?: string }

/** Version of everything that `--json` prints: raised when a field changes its meaning or goes. */
const jsonVersion = 1

/** Prints one value as JSON. */
export function printJson(io: Io, value: object): void {
  io.stdout(`${JSON.stringify({ benchbook: jsonVersion, ...value }, null, 2).replace(unseen, escaped)}\n`)
}

// JSON leaves the upper control characters and those that reorder text as they are; a terminal would obey them.
const unseen = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
