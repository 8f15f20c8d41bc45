/** What a command may use of the outside. */
export type Io = {
  stdout: (text: string) => void
  stderr: (text: string) => void
  /** From now on Ctrl-C is told instead of ending the program: once, twice. */
  catchInterrupts: () => { soft: AbortSignal; hard: AbortSignal }
  env: Readonly<Record<string, string | undefined>>
  cwd: string
}

/** The options of every command. */
export type CommonOptions = { json?: true; store?: string }

/** Version of everything that `--json` prints: raised when a field changes its meaning or goes. */
const jsonVersion = 1

/** Prints one value as JSON. */
export function printJson(io: Io, value: object): void {
  io.stdout(`${JSON.stringify({ benchbook: jsonVersion, ...value }, null, 2)}\n`)
}
