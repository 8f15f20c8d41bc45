import { asksServer, attachedUrl, type LlamaCppConfig } from '../domain/backend-config.ts'
import type { Cell } from '../domain/cell.ts'
import { byteText } from '../domain/byte-text.ts'
import type { Plan, SkippedCell } from '../domain/plan.ts'
import { whyNoBase, whyNotAsked } from '../domain/protocol-limits.ts'
import { thousands } from '../domain/thousands.ts'
import { UserError } from '../domain/user-error.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { sha256 } from './cell-id.ts'
import type { Expanded } from './expand.ts'
import { freezeCompare } from './freeze-compare.ts'
import type { Machine } from './machine.ts'
import { plannedLaunches } from './planned-launches.ts'
import { type TargetMemory, whyNoFit } from './memory-fit.ts'
import { whyNotInPython } from './python-fit.ts'
import { whyNotLaunched } from './why-not-launched.ts'
import { whyOtherTarget } from './target-needs.ts'

export type PlanOptions = {
  expanded: Expanded
  /** In place of the file's. */
  blocks?: number
  /** A whole number from 0 to 2^32 - 1; all orders are drawn from it. */
  seed: number
  /** Milliseconds since 1970, UTC. */
  createdAtMs: number
  machine: Machine
  /** The command that made the plan. */
  command: string
}

/**
 * Freezes an experiment: leaves out, with the reason, what this machine cannot run, and puts the rest in order. A block has
 * one launch of every arm of a stratum (and one more for scoring, and for each number of clients), in random and balanced
 * order (`balancedOrders`), so that a drift hits all arms alike. Arms that compute on different devices have blocks of their
 * own. The same seed gives the same plan. Whether anything is left to run is for the caller to look at. Throws a `UserError`
 * for more trials than could run.
 */
export function planExperiment({ expanded, seed, createdAtMs, machine, command, ...given }: PlanOptions): Plan {
  const { experiment } = expanded
  const blocks = given.blocks ?? expanded.blocks
  const skipped: SkippedCell[] = [...expanded.skipped]
  const cells = expanded.cells.filter((cell) => {
    const why = whyNotHere(cell, machine)
    if (why !== undefined) skipped.push({ axes: cell.axes, ...why })
    return why === undefined
  })
  checkSize(cells.length, blocks)
  const compare = expanded.compare && freezeCompare(expanded.compare, cells)
  const content = [experiment.digest, cells.map((cell) => cell.id), blocks, seed, createdAtMs, command]
  const frozen = compare === undefined ? content : [...content, compare]
  const id = sha256(canonicalJson(frozen)).slice(0, 12)
  return {
    id,
    experiment,
    createdAtMs,
    seed,
    blocks,
    cells,
    skipped,
    launches: plannedLaunches(cells, { blocks, seed, ...expanded.roles, ...(compare && { compare }) }),
    guards: expanded.guards,
    ...(expanded.objectives && { objectives: expanded.objectives }),
    ...(expanded.probes && { probes: expanded.probes }),
    ...(expanded.keepStreams && { keepStreams: true as const }),
    ...(compare && { compare }),
    command,
  }
}

type Skip = Pick<SkippedCell, 'reason' | 'detail'>

/** A base runs on the same engine: what that cannot run is no base. */
function whyNotHere(cell: Cell, machine: Machine): Skip | undefined {
  const { base, config } = cell
  const own = whyNotAlone(cell, machine)
  if (own !== undefined || base === undefined) return own
  const { source: artifact } = base
  const why = whyNotAlone({ ...cell, artifact: base.artifact, config: { ...config, artifact } }, machine)
  return why && { ...why, detail: `its base: ${why.detail}` }
}

function whyNotAlone(cell: Cell, machine: Machine): Skip | undefined {
  const { backend, artifact, workload, hardware } = cell.config
  const isElsewhere = attachedUrl(backend) !== undefined || backend.kind === 'emulator'
  const lacking = isElsewhere ? undefined : whyOtherTarget(hardware.needs, machine)
  if (lacking !== undefined) return { reason: 'target-missing', detail: lacking }
  if (backend.kind === 'llama.cpp') return artifact.kind === 'served' ? noFiles : whyNotEmbedded(cell, backend, machine)
  const unable = whyNotLaunched(cell, machine)
  if (unable !== undefined) return unable
  if (!asksServer(backend)) return whyNotInPython(cell, backend, machine)
  const isNamed = backend.kind === 'openai' || backend.kind === 'emulator'
  if (isNamed && artifact.kind !== 'served') return { reason: 'format', detail: noServed(backend.kind) }
  const detail = whyNotAsked(backend.kind, workload) ?? (isElsewhere ? whyNoBase(workload) : undefined)
  return detail === undefined ? undefined : { reason: 'format', detail }
}

const noFiles: Skip = {
  reason: 'format',
  detail:
    'the embedded engine needs the files of the model, and the artifact is only the name that a server has for it: name a backend of kind openai',
}
const noServed = (kind: string) =>
  `a backend of kind ${kind} is asked for a model by name: give it an artifact { served: NAME }`

function whyNotEmbedded(cell: Cell, backend: LlamaCppConfig, machine: Machine): Skip | undefined {
  const { config } = cell
  const { accelerator } = config.hardware.needs
  const { threads } = backend
  if (isSafetensors(cell)) return { reason: 'format', detail: noSafetensors }
  if (config.workload.kind === 'chat' && cell.artifact.description?.chatTemplate === false)
    return { reason: 'format', detail: noTemplate }
  if (config.workload.kind === 'chat' && config.workload.prompts.some(({ followUps }) => followUps !== undefined))
    return { reason: 'format', detail: noConversations }
  if (!machine.accelerators.includes(accelerator)) {
    return { reason: 'target-missing', detail: `needs ${accelerator}, which this machine does not have` }
  }
  if (threads > machine.cores) {
    const cores = machine.cores === 1 ? '1 core' : `${machine.cores} cores`
    return { reason: 'does-not-fit', detail: `needs ${threads} threads, this machine has ${cores}` }
  }
  return machine.memory && whyNoMemory(cell, backend, machine.memory)
}

const noTemplate = 'a chat needs a chat template (tokenizer.chat_template), and the model file has none'
const noConversations =
  'the embedded engine answers single messages, and the workload has conversations (prompts with then): ask a server'
/** A repository of the hub is, where no file of it is named: known before any of it is fetched for nothing. */
const isSafetensors = ({ artifact, config: { artifact: source } }: Cell): boolean =>
  artifact.description?.format === 'safetensors' || (source.kind === 'hf' && source.file === undefined)

const noSafetensors =
  'the embedded engine runs GGUF files, this is a model in safetensors: convert it with convert_hf_to_gguf.py of llama.cpp'

/** What the hardware's entry states takes the place of what was looked up. */
function whyNoMemory(cell: Cell, backend: LlamaCppConfig, found: TargetMemory): Skip | undefined {
  const { needs, memoryBytes = found.memoryBytes, vramBytes = found.vramBytes } = cell.config.hardware
  for (const [needed, has, what] of [
    [needs.vramBytes, vramBytes, 'GPU memory'],
    [needs.memoryBytes, memoryBytes, 'memory'],
  ] as const) {
    if (needed === undefined || (has !== undefined && needed <= has)) continue
    const got = has === undefined ? 'none is known' : `it has ${byteText(has)}`
    return { reason: 'target-missing', detail: `needs a target with ${byteText(needed)} of ${what}, ${got}` }
  }
  const { artifact, config } = cell
  const detail = whyNoFit(
    { artifact, config: { ...config, backend } },
    {
      repacked: found.repacked,
      ...(memoryBytes !== undefined && { memoryBytes }),
      ...(vramBytes !== undefined && { vramBytes }),
    },
  )
  return detail === undefined ? undefined : { reason: 'does-not-fit', detail }
}

/** More would neither fit in memory nor end. */
const mostTrials = 1_000_000

function checkSize(cells: number, blocks: number): void {
  if (cells * blocks <= mostTrials) return
  throw new UserError(
    `${thousands(cells)} cells in ${thousands(blocks)} blocks are ${thousands(cells * blocks)} trials, more than the ${thousands(mostTrials)} of the largest plan: take fewer cells or blocks`,
  )
}
