import { attachedUrl, type BackendConfig } from '../domain/backend-config.ts'
import { byteText } from '../domain/byte-text.ts'
import type { ArtifactSource, Cell } from '../domain/cell.ts'
import { enginePrograms, programOf } from '../domain/engine-programs.ts'
import type { JsonValue } from '../domain/json.ts'
import { plain } from '../domain/plain.ts'
import { quoted } from '../domain/quoted.ts'

type Fields = Readonly<Record<string, JsonValue>>

/**
 * In lines, what a stranger's cells would start or ask beyond the engine that is embedded: programs with their options and their
 * environment, code that a model brings, servers and whose keys they would be given. What is listed is text of a stranger, made plain.
 */
export function whatStarts(cells: readonly Pick<Cell, 'config' | 'artifact'>[]): string[] {
  return [...new Set([...cells.flatMap(({ config }) => linesOf(config.backend)), ...writtenBy(cells)])].map(plain)
}

/** More than so many bytes of weights are not made unasked. */
const mostMade = 4e9

/** What is generated or quantized before anything can be measured. */
function writtenBy(cells: readonly Pick<Cell, 'config' | 'artifact'>[]): string[] {
  const toMake = cells.filter(
    ({ config: { artifact: source }, artifact }) => isMade(source) && artifact.bytes === undefined,
  )
  const sizes = new Map(toMake.map(({ artifact }) => [artifact.path, artifact.description?.tensorBytes ?? 0]))
  const bytes = [...sizes.values()].reduce((sum, each) => sum + each, 0)
  return bytes > mostMade ? [`writes ${byteText(bytes)} of weights that are generated or quantized`] : []
}
const isMade = (source: ArtifactSource | undefined) => source?.kind === 'random' || source?.kind === 'quantize'

function linesOf(backend: BackendConfig): string[] {
  const url = attachedUrl(backend)
  if (url !== undefined) return [`asks ${url}${keyOf(backend)}`, ...certificatesOf(backend)]
  const kind = programOf(backend)
  if (kind === undefined) return []
  const { args, env } = started(backend)
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`)
  const words = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  const { program, module } = enginePrograms[kind]
  const what = module === undefined ? program : `${program} with ${module}`
  return [
    `starts ${what}${words.length === 0 ? '' : ` with ${words.join(', ')}`}${variables.length === 0 ? '' : ` in the environment ${variables.join(' ')}`}`,
    ...Object.entries(args).flatMap(codeOf),
    ...Object.entries(env).flatMap(([name, value]) =>
      loads.test(name) ? [`decides with a variable what it loads: ${name}=${quoted(value)}`] : [],
    ),
    ...placesIn({ ...args, ...env }).map((place) => `names a place that may lie outside of the lab: ${place}`),
    ...variables.flatMap((text) => (text.includes('${env:') ? [`hands it a variable of yours: ${text}`] : [])),
    ...(keyOf(backend) === '' ? [] : [`asks it${keyOf(backend)}`]),
    ...certificatesOf(backend),
  ]
}

function started(backend: BackendConfig): { args: Fields; env: Readonly<Record<string, string>> } {
  if ('launch' in backend) return backend.launch
  return 'args' in backend ? backend : { args: {}, env: {} }
}

/** Variables by which a program comes to run other code than its own. */
const loads =
  /^(?:LD_\w+|DYLD_\w+|PATH|PYTHON(?:PATH|HOME|STARTUP|USERBASE|WARNINGS|BREAKPOINT)|NODE_OPTIONS|BASH_ENV|ENV|\w*PLUGINS?)$/

/** Texts that lead somewhere from the root, from a home folder or upwards, wherever in a value they stand. */
function placesIn(value: JsonValue): string[] {
  if (typeof value === 'string')
    return /^(?:~|\/|file:)|(?:^|[/\\:=])\.\.(?:[/\\]|$)/.test(value) ? [quoted(value)] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(placesIn) : []
}

/**
 * The option has this name in vLLM, transformers and TGI; a program in Python takes the beginning of a name for the whole of it. It may
 * stand within another, as one that a configuration is overridden with.
 */
function codeOf([name, value]: [string, JsonValue]): string[] {
  if (value === false) return []
  const own = spelled(name)
  const isMeant = own.length > 1 && whole.startsWith(own)
  return isMeant || spelled(JSON.stringify([name, value])).includes(whole)
    ? ['runs programs that a model brings (trust-remote-code)']
    : []
}
const whole = 'trustremotecode'
const spelled = (text: string) => text.toLowerCase().replaceAll(/[_-]/g, '')

const keyOf = (backend: BackendConfig) =>
  'apiKey' in backend && backend.apiKey !== undefined ? `, with your key of ${backend.apiKey}` : ''
const certificatesOf = (backend: BackendConfig) =>
  'caFile' in backend && backend.caFile !== undefined ? [`trusts the certificates in ${backend.caFile}`] : []
