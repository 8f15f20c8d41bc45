import { homedir } from 'node:os'
import type { BackendContext } from '../domain/backend.ts'
import type { EngineServerConfig, ServerLaunch } from '../domain/backend-config.ts'
import { enginePrograms } from '../domain/engine-programs.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import { withoutHome } from '../domain/without-home.ts'
import { engineMark, launchMark } from '../shell/marked-processes.ts'
import { startServer } from '../shell/start-server.ts'
import { evidence } from '../wire/evidence.ts'
import { apiKey } from './api-key.ts'
import { attached } from './attached.ts'
import { launchArguments } from './launch-arguments.ts'
import { launchEnv, withoutSecrets } from './launch-env.ts'
import type { Recipe, RecipeContext, Started } from './recipe.ts'
import { withLikeliest } from './likeliest.ts'
import { recipes } from './recipes.ts'
import type { ServerEngine } from './server-engine.ts'
import { ServerLog } from './server-log.ts'
import { unlessOver, whenReady } from './server-ready.ts'
import { WatchedServer } from './watched-server.ts'

export type LaunchedConfig = EngineServerConfig & { launch: ServerLaunch }
type Launch = LaunchSpec<LaunchedConfig>

const unloadMs = 15_000
const defaultLoadMs = 600_000
/** Of what a server says of itself. */
const longestSaid = 200

/** Starts a server by its recipe on a port, and attaches to it when it is ready. Throws an `EngineFailure`, and leaves nothing behind. */
export async function startLaunched(launch: Launch, context: BackendContext, port: number): Promise<ServerEngine> {
  const setup = setupOf(launch, port)
  const log = new ServerLog(context.engineLog, setup.secrets)
  const { argv, env } = setup
  const mark = engineMark(context.mark ?? launchMark(`${launch.planId}-${launch.launchId}`))
  const server = startServer(argv, { mark, env, ...(log.path !== undefined && { log: log.path }) })
  const clearUp = () => setup.recipe.clearUp?.(setup.context)
  const watched = new WatchedServer(server, { log, program: launch.backend.kind, say: context.log, clearUp })
  try {
    const engine = await engineOf(watched, setup, { launch, context, log })
    watched.ready()
    return engine
  } catch (error) {
    const why = watched.lost.aborted ? (watched.lost.reason as Error) : error
    await watched[Symbol.asyncDispose]()
    throw why
  }
}

type Setup = Pick<Started, 'target' | 'context' | 'headers'> & {
  recipe: Recipe
  argv: readonly [string, ...string[]]
  env: Readonly<Record<string, string>>
  /** The same with references in place of secrets. */
  written: Readonly<Record<string, string>>
  secrets: readonly string[]
  /** As it is kept. */
  command: string
}

function setupOf(launch: Launch, port: number): Setup {
  const { backend, hardware, programs, source, artifact, model } = launch
  const recipe = recipes[backend.kind]
  const program = programs?.[backend.kind] ?? enginePrograms[backend.kind].program
  const args = launchArguments(backend.launch.args, recipe.options)
  const context: RecipeContext = {
    backend,
    hardware,
    program,
    port,
    source,
    artifact,
    model,
    args,
    told: withLikeliest(launch),
  }
  const written = { ...recipe.env?.(context), ...backend.launch.env }
  const key = apiKey(backend.apiKey, process.env)
  const { env, secrets } = launchEnv(written, process.env)
  const argv = recipe.argv(context)
  const hidden = key === undefined ? secrets : [...secrets, key]
  return {
    target: { url: `http://127.0.0.1:${port}` },
    context,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    recipe,
    argv,
    env,
    written,
    secrets: hidden,
    command: commandOf(argv, port, hidden),
  }
}

type Around = { launch: Launch; context: BackendContext; log: ServerLog }

async function engineOf(watched: WatchedServer, setup: Setup, { launch, context, log }: Around): Promise<ServerEngine> {
  const { recipe, target, headers } = setup
  const loadMs = launch.trials[0]?.limits.loadMs ?? defaultLoadMs
  const until = watched.untilReady(loadMs)
  const started = (signal: AbortSignal): Started => {
    const { written: env } = setup
    return { target, context: setup.context, headers, log: log.head(), env, signal }
  }
  const waiting = { target, health: recipe.health, headers, until, loadMs }
  if (recipe.load) {
    await whenReady({ ...waiting, attach: async () => {} })
    watched.beforeStop(async () => recipe.unload?.(started(AbortSignal.timeout(unloadMs))))
    await unlessOver(recipe.load(started(until)), until)
  }
  const model = recipe.asked?.(setup.context) ?? launch.model
  const observe = (facts: EngineFacts) => unlessOver(observed(facts, setup, started(until)), until)
  const connection = { ...launch.backend, ...target, model, server: watched, observe }
  return await whenReady({ ...waiting, attach: () => attached(launch, connection, context) })
}

/** What the server's own facts say, and what its recipe finds. */
async function observed(
  facts: EngineFacts,
  { recipe, command, secrets }: Setup,
  started: Started,
): Promise<EngineFacts> {
  const { version, settings: said, varying = {} } = await recipe.observe(started)
  const shown = (text: string) => evidence(withoutSecrets(text, secrets), longestSaid)
  const settings = Object.fromEntries(
    Object.entries(said).map(([name, value]) => [name, typeof value === 'string' ? shown(value) : value]),
  )
  const { server } = facts
  if (server === undefined) return facts
  const differs = Object.keys(varying).length > 0
  return {
    ...facts,
    ...(version !== undefined && { version: shown(version) }),
    server: { ...server, command, settings, ...(differs && { varying }) },
  }
}

/** Its program by name, and its arguments, as they are kept: without what is another each time or is nobody's business. */
function commandOf(argv: readonly string[], port: number, secrets: readonly string[]): string {
  const [program = '', ...args] = argv
  const words = args.map((word) => (word === String(port) ? 'PORT' : word))
  const text = [program.split('/').at(-1) ?? program, ...words].join(' ')
  return withoutHome(withoutSecrets(text, secrets), homedir())
}
