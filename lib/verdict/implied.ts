import { named, optionOf, type Pattern, sampling, saying, settings } from './treatment-table.ts'

/** How the client asks: alike for all whom it asks. */
const ofClient = new Set(['backend.salt', 'backend.clientProcesses'])

/** What of a backend is none of its own: never free unless it is itself the treatment. An engine without a client has no such settings. */
const isOfRequests = (field: string, isOnBoth: boolean): boolean =>
  (ofClient.has(field) && isOnBoth) ||
  (/^backend\.(extraBody|launch\.args|args)\./.test(field) && sampling.has(optionOf(field)))

/**
 * Whether a treatment implies that a field differs, which both arms have or only one. `treatments`: the axes in which two arms differ;
 * `changed`: the fields of the configs that do, of which those under a path that is a treatment say what follows from it.
 */
export function impliedFields(
  treatments: readonly string[],
  changed: readonly string[],
): (field: string, isOnBoth: boolean) => boolean {
  const paths = treatments.filter((axis) => !Object.hasOwn(named, axis))
  const below = paths.flatMap((path) => [path, `${path}.*`])
  const settled = [...paths, ...changed.filter((field) => below.some((pattern) => fits(field, pattern)))]
  const patterns = [...treatments.flatMap(tableOf), ...settled.flatMap(followingFrom)]
  return (field, isOnBoth) => {
    if (below.some((pattern) => fits(field, pattern))) return true
    if (isOfRequests(field, isOnBoth)) return false
    const isArtifacts = field.startsWith('engine.artifact.')
    return patterns.some((pattern) => !(isArtifacts && pattern === 'engine.*') && fits(field, pattern))
  }
}

/** What the table has of a treatment; another server is another engine, as far as anybody can say. */
function tableOf(axis: string): readonly Pattern[] {
  if (axis === 'backend.url') return ['engine.*']
  const name = axis.startsWith('hardware.') ? 'hardware' : axis
  return Object.hasOwn(named, name) ? (named[name] as readonly Pattern[]) : []
}

/** What engines say of a setting under its own name, and what else follows from it. */
function followingFrom(path: string): Pattern[] {
  const option = optionOf(path)
  const own = path.split('.').at(-1) as string
  const groups = settings.filter(({ of }) => of.includes(option)).flatMap(({ follow }) => follow)
  return saying([own, option, ...groups])
}

const fits = (field: string, pattern: Pattern): boolean =>
  pattern.endsWith('.*') ? field.startsWith(pattern.slice(0, -1)) : field === pattern
