import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import type { Reproduction, SetupDifference } from '../domain/reproduction.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { offlinePlace } from '../lab/hub-place.ts'
import { openLabStore, peekLabStore } from '../lab/lab-store.ts'
import { type OpenedBundle, openBundle } from '../lab/open-bundle.ts'
import type { Declared } from '../lab/plan-to-run.ts'
import { planNamed } from '../lab/plan-named.ts'
import { claimsNothing } from '../verdict/reproduction.ts'
import { reproducedIn } from '../lab/reproduced-in.ts'
import { reproductionPlan } from '../lab/reproduction-plan.ts'
import { whatStarts } from '../lab/what-starts.ts'
import { type CommonOptions, type Io, jsonText } from './io.ts'
import { measurePlan } from './measure-plan.ts'
import { writeOutput } from './output.ts'
import { planText } from './plan-command.ts'
import { fetchMissing } from './pull-command.ts'
import { reproductionText } from './reproduction-text.ts'

export type ReproduceOptions = CommonOptions & {
  from?: string
  blocks?: number
  only: string[]
  output?: string
  yes?: true
  ignoreFit?: true
  offline?: true
  dryRun?: true
}

const codes = {
  reproduced: exitCodes.ok,
  'not-reproduced': exitCodes.regression,
  inconclusive: exitCodes.inconclusive,
  'not-comparable': exitCodes.notComparable,
} as const satisfies Record<Reproduction['outcome'], ExitCode>

/** Measures the cells of a stranger's bundle again, and says whether what it says of its arms is found again here. */
export async function reproduce(file: string, options: ReproduceOptions, io: Io): Promise<ExitCode> {
  checkArguments(options)
  const bundle = await opened(file, options, io)
  if (options.from !== undefined) {
    using store = openLabStore(options, io, 'read')
    return told(bundle, reproducedIn(store, planNamed(store, options.from, io), bundle), { options, io })
  }
  const place = offlinePlace(io, options)
  const found = await reproductionPlan(bundle, options, place)
  if (claimsNothing(bundle.verdicts))
    io.stderr(`${plain(file)} itself says nothing of its arms that could be found again, whatever is measured here\n`)
  if (options.dryRun) {
    io.stdout(`${planText(found.plan)}${startsText(found.plan)}`)
    return exitCodes.ok
  }
  await agree(found.plan, bundle, { options, io })
  const fetched = await fetchMissing(found.plan.cells, options, io)
  return measured(fetched ? await reproductionPlan(bundle, options, place) : found, bundle, { options, io })
}

function checkArguments({ from, blocks, only, dryRun, yes, ignoreFit }: ReproduceOptions): void {
  const others = {
    '--blocks': blocks,
    '--only': only.length > 0,
    '--dry-run': dryRun,
    '--yes': yes,
    '--ignore-fit': ignoreFit,
  }
  const given = Object.entries(others).flatMap(([flag, value]) =>
    value === undefined || value === false ? [] : [flag],
  )
  if (from !== undefined && given.length > 0)
    throw new UserError(`--from takes a plan that was measured already: leave out ${given.join(', ')}, or --from`)
}

async function opened(file: string, options: ReproduceOptions, io: Io): Promise<OpenedBundle> {
  using known = peekLabStore(options, io)
  return await openBundle(file, { cwd: io.cwd, ...(known && { known }) })
}

type Around = { options: ReproduceOptions; io: Io }

/** A stranger's cells may start programs: none does so unasked. */
async function agree({ cells }: Plan, { file }: OpenedBundle, { options, io }: Around): Promise<void> {
  const starts = whatStarts(cells)
  if (starts.length === 0 || options.yes) return
  const list = `${plain(file)} comes from elsewhere, and measuring it here\n${starts.map((line) => `  ${line}\n`).join('')}`
  if (io.confirm === undefined)
    throw new UserError(`${list}Nobody can be asked whether it may: --yes says that it may`, exitCodes.unavailable)
  io.stderr(list)
  if (!(await io.confirm('May it?'))) throw new UserError('nothing was started', exitCodes.unavailable)
}

function startsText({ cells }: Plan): string {
  const starts = whatStarts(cells)
  return starts.length === 0 ? '' : `\nmeasuring it\n${starts.map((line) => `  ${line}\n`).join('')}`
}

async function measured({ plan }: Declared, bundle: OpenedBundle, { options, io }: Around): Promise<ExitCode> {
  using store = openLabStore(options, io, 'write')
  const { exitCode, isWhole, report } = await measurePlan(plan, { store, options, io })
  if (exitCode === exitCodes.interrupted)
    io.stderr(`afterwards: benchbook reproduce ${plain(bundle.file)} --from ${plan.id}\n`)
  if (!isWhole) return exitCode
  return told(bundle, reproducedIn(store, plan.id, bundle), { options, io }, report)
}

type Found = { planId: string; reproduction: Reproduction; setup: readonly SetupDifference[] }

async function told(
  bundle: OpenedBundle,
  found: Found & { plan: Plan },
  { options, io }: Around,
  report?: string,
): Promise<ExitCode> {
  const text = options.json ? jsonOf(bundle, found, report) : await reproductionText({ bundle, ...found, report })
  if (options.output === undefined) io.stdout(text)
  else {
    await writeOutput({ path: options.output }, [text], io)
    if (options.output !== '-') io.stdout(`${options.output}\n`)
  }
  return codes[found.reproduction.outcome]
}

function jsonOf({ file, digest, plan }: OpenedBundle, { planId, reproduction, setup }: Found, report?: string): string {
  const { outcome, pairs } = reproduction
  const there = { file, digest, plan: plan.id }
  return jsonText({ bundle: there, plan: planId, outcome, pairs, setup, ...(report !== undefined && { report }) })
}
