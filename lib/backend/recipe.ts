import type { EngineServerConfig, EngineServerKind } from '../domain/backend-config.ts'
import type { ArtifactIdentity, ArtifactSource, HardwareConfig } from '../domain/cell.ts'
import type { ServerFacts } from '../domain/manifest.ts'
import type { HttpTarget } from '../wire/http-exchange.ts'

/** What a server is started for. */
export type RecipeContext = {
  backend: Extract<EngineServerConfig, { kind: EngineServerKind }>
  hardware: HardwareConfig
  /** Its program, as it is called here. */
  program: string
  port: number
  source: ArtifactSource
  artifact: ArtifactIdentity
  /** The name of the cell's model, under which the server is to have it where it can. */
  model: string
  /** Options of the file, as the program takes them. */
  args: readonly string[]
  /** What makes it tell the probabilities that its trials need. */
  told?: readonly string[]
}

/** What a started server can be asked, and what it has printed so far. */
export type Started = {
  target: HttpTarget
  context: RecipeContext
  headers: Readonly<Record<string, string>>
  /** The beginning of its log. */
  log: string
  /** The server's environment, as far as the recipe and the file set it, with references in place of secrets. */
  env: Readonly<Record<string, string>>
  signal: AbortSignal
}

export type Settings = Record<string, string | number | boolean>

/** What a server computes with, as it says itself or as its program does. */
export type Observed = {
  version?: string
  settings: Settings
  /** What is another at each start on one setup. */
  varying?: NonNullable<ServerFacts['varying']>
}

/** How options are written. */
export type OptionHabit = {
  /** `false` is `--no-name` (or `--name false`, `omit`: nothing at all). */
  no: 'no-name' | 'value' | 'omit'
  /** `true` is `--name true` and not `--name` alone. */
  yes?: 'value'
  /** Those of which `true` and `false` are values: `--name true`, `--name false`. */
  valued?: readonly string[]
  /** A list is `--name a b` and not `--name a --name b`. */
  list?: 'together' | 'comma'
}

/** How an engine is started, when it is ready, and what is to be known of it. A new one is a file with one, and a line in `recipes.ts`. */
export type Recipe = {
  options: OptionHabit
  argv: (context: RecipeContext) => readonly [string, ...string[]]
  /** Laid under that of the file. */
  env?: (context: RecipeContext) => Readonly<Record<string, string>>
  /** Answers 200 when it is ready to be asked. */
  health: string
  /** The name that it is asked for, where that is not the model's. */
  asked?: (context: RecipeContext) => string
  /** After it is ready: loads the model, where the server starts without one. Throws an `EngineFailure`. */
  load?: (started: Started) => Promise<void>
  observe: (started: Started) => Promise<Observed>
  /** Before it is stopped. */
  unload?: (started: Started) => Promise<void>
  /** When it has ended, however: removes what it leaves on the disk. */
  clearUp?: (context: RecipeContext) => void
}
