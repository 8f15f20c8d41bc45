import { attachedUrl } from '../domain/backend-config.ts'
import { isScoring } from '../domain/compared-metric.ts'
import type { LaunchRole, Plan } from '../domain/plan.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { loadText } from '../domain/load-text.ts'
import type { Expanded } from '../experiment/expand.ts'
import { hasAutoRate } from '../experiment/resolve-rates.ts'
import { explainPlan, type PlanExplanation } from '../experiment/explain-plan.ts'
import { compareNotes } from '../experiment/freeze-compare.ts'
import { planNotes } from '../experiment/plan-notes.ts'
import { needText } from '../experiment/memory-fit.ts'
import type { CellMemory } from '../experiment/memory-need.ts'
import type { FieldOrigin } from '../experiment/setting.ts'
import { type ExpandOptions, expandFile } from '../lab/expand-file.ts'
import { comparedText } from './compared-text.ts'
import { eachFile, throwIfAny } from './each-file.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { makePlan, type PlanChoices } from '../lab/make-plan.ts'
import { readPower } from '../lab/read-power.ts'
import { blockTimes, effectOf, powerJson, powerText } from './power-text.ts'
import { requireKeys } from '../lab/missing-keys.ts'
import { warnOfKeys } from './warn-of-keys.ts'
import { peekLabStore, storeFile } from '../lab/lab-store.ts'
import { plain } from '../domain/plain.ts'
import { repackedTypes } from '../telemetry/repacked-types.ts'
import type { TimeLeft } from '../run/estimate-left.ts'
import { estimatePlan } from '../run/estimate-plan.ts'
import { cellLabel, duration } from '../run/progress-lines.ts'
import { kneeText, probeLine } from '../run/probe-lines.ts'
import { InterruptedProbe } from '../run/probe-rate.ts'
import { shown } from './shown.ts'
import { skippedText } from './skipped-text.ts'
import { textTable } from './text-table.ts'

export type PlanOptions = CommonOptions &
  ExpandOptions &
  PlanChoices & { explain?: true; probe?: true; power?: string; pilot?: string }

/** Says what would run, and why what is skipped is skipped; nothing is written. */
export async function plan(file: string, options: PlanOptions, io: Io): Promise<void> {
  const { json, text } = await described(file, options, io)
  if (options.json) printJson(io, json)
  else io.stdout(text)
}

/** The same of several files: of all that can be planned, then what is wrong with the others. */
export async function plans(files: readonly string[], options: PlanOptions, io: Io): Promise<void> {
  if (files.length === 1) return plan(files[0] as string, options, io)
  const { done, wrong } = await eachFile(files, (file) => described(file, options, io))
  if (options.json) printJson(io, { plans: done.map(({ json }) => json), errors: wrong.map(({ message }) => message) })
  else io.stdout(done.map(({ text }) => text).join('\n'))
  throwIfAny(wrong)
}

async function described(file: string, options: PlanOptions, io: Io): Promise<{ json: object; text: string }> {
  const effect = effectAsked(options)
  const declared = await expandFile(file, options, io)
  const before = await makePlan(declared, options, { command: `benchbook plan ${file}`, place: io })
  if (options.probe) requireKeys(before.cells, io)
  else warnOfKeys(before.cells, io)
  const expanded = options.probe ? await probed(declared, before, { options, io }) : declared
  const made =
    expanded === declared ? before : await makePlan(expanded, options, { command: before.command, place: io })
  const explanation = options.explain && explainPlan(made, expanded, repackedTypes())
  const { cells, skipped, launches, blocks, experiment, compare } = made
  const time = timeOf(made, options, io)
  const timeOfBlocks = time && blockTimes(made, time.ms, (part) => timeOf(part, options, io)?.ms)
  const power = effect === undefined ? undefined : powerOf(made, { effect, file, options, io })
  const notes = [...planNotes(cells, made.objectives), ...compareNotes(expanded.compare, cells, made.objectives)]
  return {
    json: {
      experiment,
      blocks,
      cells,
      skipped,
      launches,
      ...(compare && { compare }),
      ...(made.probes && { probes: made.probes }),
      ...(notes.length > 0 && { notes }),
      ...(time && { time: { ms: Math.round(time.ms), basis: time.basis } }),
      ...(power && { power: powerJson(power, timeOfBlocks) }),
      ...(explanation && { explanation }),
    },
    text:
      planText(made, { time, notes }) +
      (power ? powerText(power, { plan: made, timeOfBlocks }) : '') +
      (explanation ? explanationText(explanation) : ''),
  }
}

function effectAsked({ power, pilot }: PlanOptions): number | undefined {
  if (power === undefined && pilot !== undefined)
    throw new UserError('--pilot names the plan that --power learns from: say --power 3% as well')
  return power === undefined ? undefined : effectOf(power)
}

function powerOf(
  made: Plan,
  { effect, file, options, io }: { effect: number; file: string; options: PlanOptions; io: Io },
) {
  using store = peekLabStore(options, io)
  return readPower(
    made,
    { effect, pilot: options.pilot },
    { store, storeFile: storeFile(options, io), place: io, file },
  )
}

/** Ctrl-C ends the program once what runs has been told so. */
async function probed(expanded: Expanded, made: Plan, { options, io }: { options: PlanOptions; io: Io }) {
  if (!made.cells.some(({ config }) => hasAutoRate(config.load))) return expanded
  const { findRates } = await import('../lab/find-rates.ts')
  const say = (line: string) => io.stderr(`${line}\n`)
  const file = storeFile(options, io)
  try {
    return await findRates(expanded, { plan: made, place: io, file, say, interrupt: io.catchInterrupts().soft })
  } catch (error) {
    if (!(error instanceof InterruptedProbe)) throw error
    throw new UserError('interrupted while rates were looked for', exitCodes.interrupted)
  }
}

function timeOf(made: Plan, options: PlanOptions, io: Io): TimeLeft | undefined {
  using store = peekLabStore(options, io)
  return estimatePlan(made, store)
}

/** A plan as plain text. */
export function planText(
  made: Plan,
  {
    time,
    notes = planNotes(made.cells, made.objectives),
  }: { time?: TimeLeft | undefined; notes?: readonly string[] } = {},
): string {
  const { experiment, cells, skipped, launches, blocks, probes } = made
  const own = launches.filter(({ role }) => role === undefined)
  const trials = own.reduce((sum, { cellIds }) => sum + cellIds.length, 0)
  const sizes = `${count(cells.length, 'cell')}, ${count(blocks, 'block')}`
  const work =
    cells.length === 0
      ? `0 cells: nothing of it can run here`
      : `${sizes}: ${count(trials, 'trial')} in ${count(own.length, 'launch')}${besideText(launches)}${scoringText(made)}`
  const rates = `${openRatesText(cells)}${probesText(cells, probes)}${notesText(notes)}`
  const head = `${plain(experiment.title)}\n${work}\n${trials === 0 ? '' : `${timeText(time)}\n`}${attachedText(cells)}${comparedText(made)}${rates}`
  const axes = Object.keys(cells[0]?.axes ?? {})
  const loads = cells.some(({ config }) => config.load.kind !== 'closed') ? ['load'] : []
  const table = textTable(
    [...axes.map((axis) => ({ head: axis })), ...loads.map((load) => ({ head: load })), { head: 'cell' }],
    cells.map((cell) => [
      ...axes.map((axis) => shown(cell.axes[axis])),
      ...loads.map(() => loadText(cell.config.load)),
      cell.id.slice(0, 12),
    ]),
  )
  return `${head}${cells.length === 0 ? '' : `\n${table}`}${skippedText(skipped)}`
}

/** `; text is scored in 2 of the blocks`: where it is in fewer than there are. */
function scoringText({ cells, launches, blocks }: Plan): string {
  const scoring = new Set(cells.filter(isScoring).map(({ id }) => id))
  const own = launches.filter(({ role, cellIds }) => role === undefined && cellIds.some((id) => scoring.has(id)))
  const scored = new Set(own.map(({ block }) => block)).size
  return scored === 0 || scored === blocks ? '' : `; text is scored in ${scored} of the blocks`
}

/** ` + 10 A/A launches + 3 sentinel launches`. */
function besideText(launches: Plan['launches']): string {
  const of = (wanted: LaunchRole) => launches.filter(({ role }) => role === wanted).length
  const told = [count(of('twin'), 'A/A launch'), count(of('sentinel'), 'sentinel launch')]
  return told.flatMap((text) => (text.startsWith('0 ') ? [] : [` + ${text}`])).join('')
}

export const notesText = (notes: readonly string[]) => notes.map((note) => `note: ${note}\n`).join('')

/** Which servers no launch starts: of these nothing is looked at here, neither what they run on nor whether they are there. */
function attachedText(cells: Plan['cells']): string {
  const urls = cells.flatMap(({ config }) => attachedUrl(config.backend) ?? [])
  if (urls.length === 0) return ''
  const servers = [...new Set(urls)].map((url) => plain(url)).join(', ')
  return `${count(urls.length, 'cell')} ask${urls.length === 1 ? 's' : ''} what has to run already: ${servers}\n`
}

/** What has to be found before it can be frozen. */
function openRatesText(cells: Plan['cells']): string {
  const open = cells.filter(({ config }) => hasAutoRate(config.load)).length
  if (open === 0) return ''
  return `${open === 1 ? 'the rate of 1 cell is' : `the rates of ${open} cells are`} found by probing when it runs, some minutes each (--probe finds them now)\n`
}

/** How rates were found. */
function probesText(cells: Plan['cells'], probes: Plan['probes'] = []): string {
  const searches = probes.map((search) => {
    const cell = cells.find(({ id }) => id === search.cellId)
    const tried = search.probes.map((probe) => `${probeLine(probe)}\n`).join('')
    return `the knee of ${cell === undefined ? search.cellId : cellLabel(cell)}: ${kneeText(search)}\n${tried}`
  })
  const rates = new Set(probes.map(({ ratePerSecond }) => ratePerSecond))
  return searches.join('') + (rates.size > 1 ? `${ownRates}\n` : '')
}

const ownRates =
  'each cell has a rate of its own: compare the rates, since latencies at different rates are not those of one load'

const timeText = (time: TimeLeft | undefined) =>
  time === undefined
    ? 'how long it takes is not known before some of it has run: --blocks 1 runs one block'
    : `about ${duration(time.ms)} (${time.basis})`

export const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : what.endsWith('ch') ? 'es' : 's'}`

function explanationText({ cells }: PlanExplanation): string {
  const parts = cells.map(({ id, axes, artifact, memory, fields }) => {
    const rows = fields.map(({ path, value, origin }) => [path, shown(value), originText(origin)])
    const values = Object.entries(axes).map(([axis, value]) => `${axis} ${shown(value)}`)
    const table = textTable([{ head: 'field' }, { head: 'value' }, { head: 'from' }], rows)
    return `\ncell ${[id.slice(0, 12), values.join(', ')].filter(Boolean).join(': ')}\nartifact ${plain(artifact.path)}, sha256 ${artifact.digest}\n${memoryText(memory)}${table}`
  })
  return parts.join('')
}

function memoryText(memory: CellMemory | undefined): string {
  if (memory === undefined) return ''
  const gpu = memory.vram === undefined ? '' : `, ${needText(memory.vram, ' of GPU memory')}`
  return `memory ${needText(memory.memory)}${gpu}\n`
}

const originText = (origin: FieldOrigin) => (origin.from === 'default' ? 'default' : `${origin.from}, ${origin.where}`)
