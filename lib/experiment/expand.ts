import type { Cell } from '../domain/cell.ts'
import type { Guards } from '../domain/guard.ts'
import type { JsonValue } from '../domain/json.ts'
import type { KneeSearch, Objectives, Plan, SkippedCell } from '../domain/plan.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { CellAssembler } from './cell-assembler.ts'
import { sha256 } from './cell-id.ts'
import { nameChooser } from './choose-names.ts'
import { checkContext, PairSet } from './context-fit.ts'
import { ConversationCheck } from './conversation-check.ts'
import { Drafter, type Draft } from './draft.ts'
import type { DeclaredCompare } from './freeze-compare.ts'
import { guardsOf } from './guards-schema.ts'
import type { LabFolders } from './lab-path.ts'
import type { LoadedExperiment } from './load-experiment.ts'
import { LoadCheck } from './load-check.ts'
import { readMatrix, type Matrix } from './matrix.ts'
import { OpenLoadCheck } from './open-load-check.ts'
import type { DeclaredRoles } from './planned-launches.ts'
import { ProblemList } from './problem-list.ts'
import { fieldOrigins, type FieldOrigins } from './resolve-section.ts'
import { originOf, valueAt } from './setting.ts'
import { Sources, type SourcePorts } from './sources.ts'

/** An experiment with every cell resolved; nothing depends on the machine yet. */
export type Expanded = {
  experiment: Plan['experiment']
  /** How often every arm is launched. */
  blocks: number
  /** What is launched beside the arms; absent where the file asks for nothing of it. */
  roles?: DeclaredRoles
  compare?: DeclaredCompare
  guards: Guards
  /** Absent where the file has none. */
  objectives?: Objectives
  keepStreams?: true
  /** How rates were found that the file leaves to be found. */
  probes?: readonly KneeSearch[]
  cells: readonly Cell[]
  skipped: readonly SkippedCell[]
  /** Where each field of a cell got its value. */
  originsOf: (cell: Cell) => FieldOrigins
}

export type ExpandOptions = {
  loaded: LoadedExperiment
  /** `--set` arguments as they were given: `backend.threads=2`. */
  sets?: readonly string[]
  folders: LabFolders
  ports: SourcePorts
}

/**
 * Makes the cells of an experiment: axes, zip, exclude and include give the combinations; catalogues, the file, axis values,
 * overrides and `--set` (lowest precedence first) their settings. Throws a `UserError` with all that is wrong.
 */
export async function expandExperiment({ loaded, sets = [], folders, ports }: ExpandOptions): Promise<Expanded> {
  const problems = new ProblemList()
  const matrix = readMatrix(loaded, sets, problems)
  const drafts = draftCells(loaded, matrix, problems)
  const sources = new Sources({ catalogue: loaded.catalogue, folders, ports, problems })
  const assembler = new CellAssembler(sources, loaded.file.compare?.treatment)
  const conversations = new ConversationCheck(problems)
  const openLoads = new OpenLoadCheck(problems)
  const made = new Map<string, { cell: Cell; draft: Draft }>()
  for (const draft of drafts) {
    openLoads.check(draft)
    const cell = await assembler.assemble(draft, axesOf(matrix, draft.point))
    if (cell === undefined) continue
    conversations.check(draft, cell.config.workload)
    openLoads.checkTrace(draft, cell.config.load)
    const twin = made.get(cell.id)?.cell
    if (twin !== undefined) {
      const message = `two cells are the same, take one out: ${canonicalJson(twin.axes)} and ${canonicalJson(cell.axes)}`
      problems.add(loaded.document.place(['axes'], 'key'), message)
    }
    made.set(cell.id, { cell, draft })
  }
  problems.throwIfAny()
  const originsOf = (cell: Cell) => originsIn(made.get(cell.id)?.draft, loaded)
  return { ...headOf(loaded), cells: [...made.values()].map(({ cell }) => cell), skipped: skippedOf(matrix), originsOf }
}

function draftCells({ document, catalogue, file }: LoadedExperiment, matrix: Matrix, problems: ProblemList): Draft[] {
  const choose = nameChooser({ document, catalogue, problems, ...matrix })
  const drafter = new Drafter({ document, catalogue, problems, ...matrix })
  const pairs = new PairSet()
  const loads = new LoadCheck(problems, file.objectives !== undefined)
  const drafts = matrix.kept.flatMap((point) => {
    const draft = drafter.draft(point, choose(point))
    if (draft === undefined) return []
    checkContext(draft, pairs, problems)
    loads.check(draft)
    return draft
  })
  drafter.tellUnused()
  return drafts
}

function axesOf({ axes }: Matrix, { values }: Draft['point']): Record<string, JsonValue> {
  return Object.fromEntries(axes.map(({ key }, index) => [key, values[index]?.setting.value as JsonValue]))
}

function skippedOf(matrix: Matrix): SkippedCell[] {
  return matrix.excluded.map(({ point, detail }) => ({ axes: axesOf(matrix, point), reason: 'excluded', detail }))
}

function headOf({
  file,
  document,
  text,
}: LoadedExperiment): Pick<
  Expanded,
  'experiment' | 'blocks' | 'roles' | 'compare' | 'guards' | 'objectives' | 'keepStreams'
> {
  const { name, title = name, question, repeat, compare } = file
  const { aa, sentinel } = repeat
  return {
    experiment: {
      name,
      title,
      ...(question !== undefined && { question }),
      file: document.file,
      text,
      digest: sha256(text),
    },
    blocks: repeat.blocks,
    ...((aa || sentinel > 0) && { roles: { aa, sentinel } }),
    guards: guardsOf(file.guards),
    ...(file.objectives && { objectives: file.objectives }),
    ...(file.keepStreams && { keepStreams: true as const }),
    ...(compare !== undefined && { compare }),
  }
}

function originsIn(draft: Draft | undefined, { catalogue }: LoadedExperiment): FieldOrigins {
  if (draft === undefined) return []
  const { choices, names, sections } = draft
  const chosen = Object.entries(choices).map(([path, { name, setting }]) => ({
    path,
    value: name,
    origin: originOf(setting),
  }))
  const source = ['artifacts', names.quantization]
  const model = catalogue.models.get(names.model)
  const value = valueAt(model?.value, source) as JsonValue
  return [
    ...chosen,
    { path: 'artifact', value, origin: originOf(model, source) },
    ...Object.entries(sections).flatMap(([name, section]) => fieldOrigins(section, name)),
  ]
}
