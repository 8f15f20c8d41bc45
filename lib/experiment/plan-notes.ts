import { artifactName, isRemote } from '../domain/artifact-name.ts'
import { attachedUrl } from '../domain/backend-config.ts'
import type { Cell, LoadConfig } from '../domain/cell.ts'
import type { Metric } from '../domain/metric.ts'
import type { Objectives } from '../domain/plan.ts'

/** What is known to mislead before anything has run, of the cells that would: no mistakes, and each told once. */
export const planNotes = (cells: readonly Cell[], objectives: Objectives = {}): string[] => [
  ...fetchNotes(cells),
  ...fileNotes(cells, objectives),
]

/** The same of what a file says, whatever machine it would run on. */
export function fileNotes(cells: readonly Cell[], objectives: Objectives = {}): string[] {
  const notes = cells.flatMap(({ config: { load, backend } }) => [
    ...fewClients(load, objectives),
    ...hiddenWait(load, objectives),
    ...uncounted(backend, objectives),
  ])
  return [...new Set(notes)]
}

/** One for each model. Without its file nothing is known of it: neither its size nor what it needs. */
function fetchNotes(cells: readonly Cell[]): string[] {
  const missing = cells.flatMap(({ artifact: { bytes, commit }, config: { artifact, backend, model } }) => {
    const file = artifact.kind === 'quantize' ? artifact.from : artifact
    // A server that runs already has files of its own.
    if (bytes !== undefined || attachedUrl(backend) !== undefined || !isRemote(file)) return []
    return [{ model: model.name, name: artifactName(file), isKnown: commit !== undefined }]
  })
  return [...Map.groupBy(missing, ({ model }) => model).values()].map((files) => {
    const names = [...new Set(files.map(({ name }) => name))]
    const open = [...new Set(files.flatMap(({ name, isKnown }) => (isKnown ? [] : [name])))]
    const of = open.length < names.length ? `the cells of ${open.join(' and ')}` : 'its cells'
    const ids = open.length === 0 ? '' : `; ${of} have other ids then`
    const [are, them] = names.length === 1 ? ['is not here, its size', 'it'] : ['are not here, their sizes', 'them']
    return `${names.join(' and ')} ${are} unknown: run fetches ${them} after asking, or benchbook models pull ${names.join(' ')}${ids}`
  })
}

function fewClients(load: LoadConfig, objectives: Objectives): string[] {
  if (load.kind === 'closed') return []
  const { clients } = load
  if (load.kind === 'burst' && load.size > clients)
    return [`a burst of ${load.size} finds ${clients} clients, so that the others wait for one: raise load.clients`]
  const [rate, e2eMs] = [mostPerSecond(load), objectives.e2e_ms ?? objectives.e2e_scheduled_ms]
  if (rate === undefined || e2eMs === undefined) return []
  // Little's law: under way on average, where each takes as long as it may.
  const underWay = Math.ceil((rate * e2eMs) / 1000)
  if (underWay <= clients) return []
  return [
    `at ${rate}/s answers that take up to ${e2eMs} ms, as the objectives allow, are up to ${underWay} at once, load.clients is ${clients}: raise it, or arrivals wait in the client for a server that is good`,
  ]
}

function mostPerSecond(load: LoadConfig): number | undefined {
  switch (load.kind) {
    case 'constant':
    case 'poisson':
    case 'gamma':
      return load.ratePerSecond === 'auto' ? undefined : load.ratePerSecond
    case 'ramp':
      return Math.max(load.fromPerSecond, load.toPerSecond)
    case 'closed':
    case 'burst':
    case 'trace':
      return undefined
  }
}

const ofSchedule: Readonly<Partial<Record<Metric, Metric>>> = {
  ttft_ms: 'ttft_scheduled_ms',
  e2e_ms: 'e2e_scheduled_ms',
}

function hiddenWait({ kind }: LoadConfig, objectives: Objectives): string[] {
  if (kind === 'closed' || 'ttft_scheduled_ms' in objectives || 'e2e_scheduled_ms' in objectives) return []
  return Object.entries(ofSchedule).flatMap(([metric, scheduled]) =>
    metric in objectives
      ? [
          `objectives.${metric} counts from sending: of an open load it does not see how long an arrival waited for a client; for what users feel promise ${scheduled}`,
        ]
      : [],
  )
}

function uncounted(backend: Cell['config']['backend'], objectives: Objectives): string[] {
  if ('tokenizer' in backend && backend.tokenizer !== undefined) return []
  if (backend.kind === 'llama-cpp-python')
    return [
      `${backend.name}: llama_cpp.server never says how many tokens it wrote, so nothing per token is known: name a tokenizer in backend.tokenizer`,
    ]
  if (backend.kind !== 'emulator' || backend.usage !== 'none' || !('tpot_ms' in objectives)) return []
  return ['objectives.tpot_ms needs the number of tokens, and usage is none: name a tokenizer in backend.tokenizer']
}
