import { basename, relative, resolve } from 'node:path'
import type { Cell, HardwareConfig } from '../domain/cell.ts'
import type { JsonValue } from '../domain/json.ts'
import { plain } from '../domain/plain.ts'
import { ownProgram } from '../domain/engine-programs.ts'
import type { Compare, Plan } from '../domain/plan.ts'
import { quoted } from '../domain/quoted.ts'
import { UserError } from '../domain/user-error.ts'
import { cellIdentifier, sha256 } from '../experiment/cell-id.ts'
import type { Expanded } from '../experiment/expand.ts'
import type { DeclaredCompare } from '../experiment/freeze-compare.ts'
import { guardsOf, guardsSchema } from '../experiment/guards-schema.ts'
import { findLabPath } from '../experiment/lab-path.ts'
import { onlyThose } from '../experiment/only.ts'
import { withModelsHere } from './bundled-models.ts'
import { findLab, type Lab, type Place } from './lab.ts'
import type { SizeOptions } from './make-plan.ts'
import type { OpenedBundle } from './open-bundle.ts'
import { declaredOf, type Declared } from './plan-to-run.ts'

export type ReproductionOptions = Pick<SizeOptions, 'blocks'> & { only?: string[]; ignoreFit?: true }

/**
 * A plan of the same cells as a bundle's, in this lab: nothing of it is read from where the bundle says that it lay. Throws a
 * `UserError` for cells that cannot be the same here, with all the reasons.
 */
export async function reproductionPlan(
  bundle: OpenedBundle,
  options: ReproductionOptions,
  place: Place,
): Promise<Declared> {
  const lab = findLab(place.cwd)
  const { cells, skipped } = onlyThose({ cells: bundle.plan.cells, skipped: [] }, options.only ?? [])
  requireTheSame(cells, bundle)
  await requireInLab(cells, lab)
  const here = (await withModelsHere(cells, place)).map(onAnyHost(cells))
  const expanded = { ...expandedOf(bundle, place.cwd, lab), cells: here, skipped }
  return declaredOf(expanded, { options, command: commandOf(bundle.file, options), place, what: bundle.file })
}

function expandedOf({ plan, file }: OpenedBundle, cwd: string, { root }: Lab): Omit<Expanded, 'cells' | 'skipped'> {
  const { experiment, blocks, compare, objectives, keepStreams } = plan
  const seen = relative(root, resolve(cwd, file))
  return {
    experiment: {
      ...experiment,
      file: seen.startsWith('..') ? basename(file) : seen,
      digest: sha256(experiment.text),
    },
    blocks,
    guards: plan.guards ?? guardsOf(guardsSchema.parse({})),
    ...(compare && { compare: declaredAs(compare) }),
    ...(objectives && { objectives }),
    ...rolesOf(plan),
    ...(keepStreams && { keepStreams }),
    originsOf: () => [],
  }
}

/** Which launches stood beside the arms' own. */
function rolesOf({ launches }: Plan): Pick<Expanded, 'roles'> {
  const aa = launches.some(({ role }) => role === 'twin')
  const watched = [...new Set(launches.flatMap(({ role, block }) => (role === 'sentinel' ? [block] : [])))]
  const [first, second] = watched
  if (!aa && first === undefined) return {}
  return { roles: { aa, sentinel: first === undefined ? 0 : Math.max(1, (second ?? 1) - first) } }
}

const values = (arm: string) => JSON.parse(arm) as Readonly<Record<string, JsonValue>>

/** As a file would have declared what was frozen: arms by the values that they have. */
function declaredAs({ treatment, pairs, margins }: Compare): DeclaredCompare {
  const named = pairs.map(({ base, against }) => ({ base: values(base), against: values(against) }))
  return { treatment, ...(named.length > 0 && { pairs: named }), ...(margins.length > 0 && { metrics: margins }) }
}

/** A cell's id follows from its settings, so that others cannot be put in their place. */
function requireTheSame(cells: readonly Cell[], { file, texts }: OpenedBundle): void {
  const identify = cellIdentifier()
  const other = cells.filter(
    ({ id, config, artifact, base }) => identify(config, artifact.digest, base?.artifact.digest) !== id,
  )
  if (other.length === 0) return
  const what = `${other.length} of ${cells.length} cells of ${plain(file)} cannot be made again here`
  if (texts === 'digests')
    throw new UserError(
      `${what}: their prompts are left out (--no-text), and no plan of this lab's store has them. Run an experiment here that asks the same prompts, and compare with that: benchbook reproduce ${plain(file)} --from ID; or ask for a bundle that has them`,
    )
  throw new UserError(
    `${what}: their settings are not those that were measured. They name the home folder of who measured them, or a secret, which no bundle has; or another version of benchbook measured them`,
  )
}

/** Files that cells name beside their models. */
async function requireInLab(cells: readonly Cell[], { root: labRoot, packageRoot }: Lab): Promise<void> {
  const named = new Set(
    cells.flatMap(({ config: { backend } }) => [fileIn(backend, 'tokenizer'), fileIn(backend, 'caFile')]),
  )
  const programs = new Set(cells.flatMap(({ config }) => ownProgram(config.backend) ?? []))
  const wrong = [...programs].map(
    (program) => `${plain(program)} is a program of the machine that was measured: a bundle may name none`,
  )
  for (const file of named) {
    if (file === undefined || file === 'words') continue
    const found = await findLabPath(file, { labRoot, packageRoot, allowOutside: false })
    if (found.status === 'outside')
      wrong.push(`${plain(file)} ${found.message.replace(/:.*/, ': a bundle may not lead there')}`)
  }
  if (wrong.length > 0) throw new UserError(wrong.join('\n'))
}

function fileIn(backend: object, key: 'tokenizer' | 'caFile'): string | undefined {
  return (backend as Partial<Record<typeof key, string>>)[key]
}

/**
 * What the machine of the bundle had to have is not asked of this one, but what is computed on: neither is a part of a cell's id. Where
 * its cells name several machines, they stay apart.
 */
function onAnyHost(cells: readonly Cell[]): (cell: Cell) => Cell {
  const hosts = new Set(cells.map(({ config }) => config.hardware.name))
  if (hosts.size > 1) return (cell) => cell
  return (cell) => {
    const { name, target, needs, price } = cell.config.hardware
    const hardware: HardwareConfig = {
      name,
      target,
      needs: { accelerator: needs.accelerator },
      ...(price && { price }),
    }
    return { ...cell, config: { ...cell.config, hardware } }
  }
}

/** As a reader of the report would type it. */
function commandOf(file: string, { blocks, only = [], ignoreFit }: ReproductionOptions): string {
  const flags = [
    ...(blocks === undefined ? [] : [`--blocks ${blocks}`]),
    ...only.map((one) => `--only ${quoted(one)}`),
    ...(ignoreFit ? ['--ignore-fit'] : []),
  ]
  return ['benchbook reproduce', quoted(file), ...flags].join(' ')
}
