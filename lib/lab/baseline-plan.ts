import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { resolveArtifact } from '../artifact/resolve-artifact.ts'
import { separatesArms } from '../domain/axis.ts'
import { attachedUrl } from '../domain/backend-config.ts'
import type { Cell } from '../domain/cell.ts'
import { programOf } from '../domain/engine-programs.ts'
import type { JsonValue } from '../domain/json.ts'
import { plain } from '../domain/plain.ts'
import { quoted } from '../domain/quoted.ts'
import { UserError } from '../domain/user-error.ts'
import { armOf } from '../experiment/arm.ts'
import { cellIdentifier } from '../experiment/cell-id.ts'
import type { Expanded } from '../experiment/expand.ts'
import { artifactFolders, expandFile, keptPath } from './expand-file.ts'
import { findLab, type Place } from './lab.ts'
import { declaredOf, type Declared, type PlanToRunOptions } from './plan-to-run.ts'

/** What an experiment's cells are held against: another file of the model, or the same with a setting of its own. */
type Baseline = { kind: 'artifact'; path: string } | { kind: 'setting'; key: string; value: string }

/** The treatment, the name of the baseline among its values, and its cells. */
type BaselineArm = { axis: string; name: string; cells: readonly Cell[]; valueOf: (cell: Cell) => JsonValue }

/**
 * A plan in which a baseline is an arm beside each of an experiment's own: measured in the same blocks, so that a verdict can be had.
 * `baseline` is a model's file or folder, or a setting such as `backend.program=../old-build/llama-server`. Throws a `UserError` for a
 * baseline that there is not, that is what is measured already, or that the engine cannot have.
 */
export async function baselinePlan(
  file: string,
  { baseline, ...options }: PlanToRunOptions & { baseline: string },
  place: Place,
): Promise<Declared> {
  const own = await expandFile(file, options, place)
  const asked = baselineOf(baseline, place)
  const arm =
    asked.kind === 'artifact'
      ? await otherFile(asked, own, place)
      : await otherSetting(asked, { file, own, options, place })
  const command = `benchbook compare ${quoted(file)} --baseline ${quoted(baseline)}`
  const declared = await declaredOf(withArm(own, arm), { options, command, place, what: file })
  if ((declared.plan.compare?.pairs.length ?? 0) > 0) return declared
  const why = [...new Set(declared.plan.skipped.map(({ detail }) => detail))]
  throw new UserError(
    `nothing can be held against ${plain(baseline)} here:\n${why.map((each) => `  ${each}`).join('\n')}`,
  )
}

function baselineOf(text: string, { cwd }: Place): Baseline {
  const [, key, value] = /^([a-z][\w.-]*)=(.+)$/s.exec(text) ?? []
  if (key !== undefined && value !== undefined && !existsSync(resolve(cwd, text)))
    return { kind: 'setting', key, value }
  const { root, packageRoot } = findLab(cwd)
  const inPackage = resolve(packageRoot, relative(root, resolve(cwd, text)))
  if (text !== '' && [resolve(cwd, text), inPackage].some((path) => existsSync(path)))
    return { kind: 'artifact', path: text }
  throw new UserError(
    `--baseline ${plain(text)}: there is no such file of a model; a setting is given as backend.program=PATH or backend.threads=1`,
  )
}

/** Every cell with that file in place of its own model. */
async function otherFile(
  { path }: Baseline & { kind: 'artifact' },
  { cells }: Expanded,
  place: Place,
): Promise<BaselineArm> {
  const lab = findLab(place.cwd)
  const roots = [lab.root, lab.packageRoot]
  const seen = relative(lab.root, resolve(place.cwd, path))
  const source = {
    kind: 'path',
    path: seen.startsWith('..') || isAbsolute(seen) ? resolve(place.cwd, path) : seen,
  } as const
  const served = cells.find(
    ({ config }) => attachedUrl(config.backend) !== undefined || config.artifact.kind === 'served',
  )
  if (served !== undefined)
    throw new UserError(
      `--baseline ${plain(path)}: ${served.config.backend.name} is a server that runs already and has its model; launch it instead`,
    )
  const found = await resolveArtifact(source, artifactFolders(lab, place))
  const artifact = { ...found, path: keptPath(found.path, roots) }
  const taken = new Set(cells.map(({ config }) => config.quantization))
  const name = taken.has('baseline') ? `baseline-${artifact.digest.slice(0, 8)}` : 'baseline'
  const identify = cellIdentifier()
  const made = cells.map((cell) => {
    const config = { ...cell.config, quantization: name, artifact: source }
    return { ...cell, id: identify(config, artifact.digest, cell.base?.artifact.digest), config, artifact }
  })
  if (cells.some((cell) => cell.artifact.digest === artifact.digest))
    throw new UserError(
      `--baseline ${plain(path)}: it is the very file that ${plain(cells[0]?.config.model.name ?? '')} is measured with`,
    )
  return { axis: 'quantization', name, cells: made, valueOf: ({ config }) => config.quantization }
}

type Setting = Baseline & { kind: 'setting' }
type Around = { file: string; own: Expanded; options: PlanToRunOptions; place: Place }

/** The same file, with one setting of its own; a program may lie anywhere, as its user has named it. */
async function otherSetting({ key, value }: Setting, { file, own, options, place }: Around): Promise<BaselineArm> {
  if (key === 'backend.program') requireProgram(own.cells)
  if (!separatesArms(key))
    throw new UserError(
      `--baseline ${plain(key)}: it says what is asked or when, which makes no arms: a baseline is another file, build or setting of the engine`,
    )
  const kept = key === 'backend.program' ? keptProgram(value, place) : value
  const varied = own.cells.some(({ axes }) => key in axes)
  if (varied)
    throw new UserError(
      `--baseline ${plain(key)}: it is an axis of ${plain(file)}: name the pair under compare there, and run it`,
    )
  const set = [...options.set, `${key}=${key === 'backend.program' ? JSON.stringify(kept) : kept}`]
  const { cells } = await expandFile(file, { ...options, set, allowOutside: true }, place)
  const ids = new Set(own.cells.map(({ id }) => id))
  if (cells.some(({ id }) => ids.has(id)))
    throw new UserError(`--baseline ${plain(key)}: ${plain(value)} is what ${plain(file)} measures already`)
  return { axis: key, name: kept, cells, valueOf: () => 'current' }
}

function keptProgram(value: string, { cwd }: Place): string {
  const { root, packageRoot } = findLab(cwd)
  return value.startsWith('~') ? value : keptPath(resolve(cwd, value), [root, packageRoot])
}

function requireProgram(cells: readonly Cell[]): void {
  const other = cells.find(({ config }) => programOf(config.backend) === undefined)?.config.backend
  if (other === undefined) return
  const why =
    other.kind === 'llama.cpp'
      ? 'llama.cpp is embedded, and its build is the one that this benchbook brings: it cannot be exchanged. Compare builds of llama.cpp by a backend of kind llama-server'
      : `${plain(other.name)} (${other.kind}) is not started here, so that there is no build to exchange`
  throw new UserError(`--baseline backend.program: ${why}`)
}

/** The experiment's cells and the baseline's, as arms of one treatment; whatever else differs makes strata. */
function withArm(own: Expanded, { axis, name, cells, valueOf }: BaselineArm): Expanded {
  const inArm = (cell: Cell, value: JsonValue): Cell => {
    const axes = { ...cell.axes, [axis]: value }
    return { ...cell, axes, ...armOf(axes, [axis]) }
  }
  const current = own.cells.map((cell) => inArm(cell, valueOf(cell)))
  const base = distinct(cells).map((cell) => inArm(cell, name))
  const values = [...new Set(current.map(({ axes }) => axes[axis] as JsonValue))]
  return {
    ...own,
    cells: [...base, ...current],
    compare: {
      treatment: [axis],
      pairs: values.map((value) => ({ base: { [axis]: name }, against: { [axis]: value } })),
      ...(own.compare?.metrics && { metrics: own.compare.metrics }),
    },
  }
}

const distinct = (cells: readonly Cell[]) => [...new Map(cells.map((cell) => [cell.id, cell])).values()]
