import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Command } from 'commander'
import type { Io } from './io.ts'

/** Values of arguments and options by the names that usages give them; each is read only when it is asked for. */
type Values = (io: Io) => Promise<readonly string[]>

const plans: Values = async (io) => {
  const { openLabStore } = await import('../lab/lab-store.ts')
  const { listPlans } = await import('../store/list-plans.ts')
  using store = openLabStore({}, io, 'read')
  return ['latest', ...listPlans(store).map(({ id }) => id)]
}
const imports: Values = async (io) => {
  const { openLabStore } = await import('../lab/lab-store.ts')
  const { listImportedLogs } = await import('../store/imported-logs.ts')
  using store = openLabStore({}, io, 'read')
  return listImportedLogs(store).map(({ id }) => id)
}
const experiments: Values = async (io) => {
  const { findLab } = await import('../lab/lab.ts')
  const folder = join(findLab(io.cwd).root, 'experiments')
  const files = readdirSync(folder).filter((file) => /\.(ya?ml|json)$/.test(file) && !file.endsWith('.schema.json'))
  return files.map((file) => relative(io.cwd, join(folder, file)))
}
const models: Values = async (io) => {
  const { findLab } = await import('../lab/lab.ts')
  const { loadCatalogue } = await import('../experiment/load-experiment.ts')
  const { root, packageRoot } = findLab(io.cwd)
  return [...(await loadCatalogue({ labRoot: root, packageRoot })).models.keys()]
}
const explained: Values = async (io) => {
  const { findLab } = await import('../lab/lab.ts')
  const { explainPages } = await import('./explain-pages.ts')
  return (await explainPages(findLab(io.cwd).packageRoot)).map(({ name }) => name)
}

const languages: Values = async (io) => {
  const { findLab } = await import('../lab/lab.ts')
  const { languagesOf } = await import('../report/template-files.ts')
  return languagesOf(findLab(io.cwd).root)
}

const ofArguments: Readonly<Record<string, readonly Values[]>> = {
  file: [experiments],
  'file|id': [plans, experiments],
  id: [plans],
  a: [plans],
  b: [plans],
  other: [plans],
  name: [explained],
  model: [models],
  shell: [async () => ['bash', 'zsh', 'fish']],
}
const ofOptions: Readonly<Record<string, Values>> = {
  'show --as': async () => Object.keys((await import('../measure/other-tools.ts')).otherTools),
  'query --format': async () => Object.keys((await import('./query-formats.ts')).queryFormats),
  'export --format': async () => (await import('../exchange/export-plan.ts')).exportFormats,
  'report --lang': languages,
  'compare --lang': languages,
  'compare --metric': async () => Object.keys((await import('../domain/metric.ts')).metrics),
  'compare --fail-on': async () => (await import('./fail-on.ts')).failures,
  'run --resume': plans,
  'import --remove': imports,
  'emulate --fault': async () => {
    const { faultKinds, faultPlaces } = await import('../domain/emulation.ts')
    return faultKinds.flatMap((kind) => faultPlaces.map((place) => `${kind}@${place}`))
  },
  'emulate --set': async () => Object.keys((await import('../experiment/emulation-shape.ts')).emulationShape),
}

/** What could stand in place of the last of `words` (what is typed after `benchbook`); nothing where that is not known. */
export async function complete(program: Command, words: readonly string[], io: Io): Promise<string[]> {
  const typed = words.at(-1) ?? ''
  const { command, operands, pending } = walk(program, words.slice(0, -1))
  const found = await candidates({ command, operands, pending, typed, io }).catch(() => [])
  // A shell would split or obey anything else.
  return [...new Set(found)].filter((word) => word.startsWith(typed) && /^[\w./@+,-]+$/.test(word))
}

type Walked = { command: Command; operands: number; pending: string | undefined }

/** Follows the words down the tree of commands; `pending` is the option whose value is due. */
function walk(program: Command, words: readonly string[]): Walked {
  let at: Walked = { command: program, operands: 0, pending: undefined }
  for (const word of words) at = step(at, word)
  return at
}

function step({ command, operands, pending }: Walked, word: string): Walked {
  if (word.startsWith('-')) {
    const option = command.options.find(({ long, short }) => long === word || short === word)
    const due = option?.required === true || option?.optional === true
    return { command, operands, pending: due ? (option.long ?? undefined) : undefined }
  }
  if (pending !== undefined) return { command, operands, pending: undefined }
  const below = operands === 0 ? command.commands.find((each) => each.name() === word) : undefined
  return below === undefined
    ? { command, operands: operands + 1, pending: undefined }
    : { command: below, operands: 0, pending: undefined }
}

async function candidates({ command, operands, pending, typed, io }: Walked & { typed: string; io: Io }) {
  if (typed.startsWith('-')) return ['--help', ...command.options.flatMap(({ long }) => long ?? [])]
  if (pending !== undefined) {
    const choices = command.options.find(({ long }) => long === pending)?.argChoices
    return [...(choices ?? (await ofOptions[`${command.name()} ${pending}`]?.(io)) ?? [])]
  }
  if (command.commands.length > 0) return command.commands.map((each) => each.name())
  const { registeredArguments: known } = command
  const argument = known[operands] ?? (known.at(-1)?.variadic ? known.at(-1) : undefined)
  const values = await Promise.allSettled((ofArguments[argument?.name() ?? ''] ?? []).map((each) => each(io)))
  return values.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
}
