import type { Cell } from '../domain/cell.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { Evidence } from './evidence.ts'
import { shownDate } from './numbers.ts'
import { serversOf } from './servers.ts'
import type { Words } from './words.ts'

export type Chip = { text: string; tone: 'plain' | 'warn'; href: string }
export type Head = { kicker: string; title: string; question: string; chips: readonly Chip[] }

/** What a reader sees first: what was asked, when and where it was measured, and how much of it there is. */
export function headOf(evidence: Evidence): Head {
  const { experiment } = evidence.data.plan
  const facts = [
    experiment.name,
    whenText(evidence),
    hostText(evidence),
    engineText(evidence),
    servedText(evidence.data.plan.cells, evidence.words),
  ]
  return {
    kicker: facts.filter((fact) => fact !== '').join(' · '),
    title: experiment.title === '' ? experiment.name : experiment.title,
    question: experiment.question ?? '',
    chips: chipsOf(evidence),
  }
}

/** The days on which launches ran. */
function whenText({ data, words }: Evidence): string {
  const times = data.sessions.flatMap((session) => [
    session.startedAtMs,
    ...(session.endedAtMs === undefined ? [] : [session.endedAtMs]),
  ])
  if (times.length === 0) return words('head.unmeasured')
  const [first, last] = [shownDate(Math.min(...times)), shownDate(Math.max(...times))]
  return words('head.measured', { when: first === last ? first : words('range', { low: first, high: last }) })
}

function hostText({ data, words }: Evidence): string {
  const hosts = Object.values(data.manifests).map(({ manifest: { host } }) =>
    [words('head.host', { n: host.cores, cpu: host.cpu }), ...host.accelerators.map(({ name }) => name)].join(' + '),
  )
  return [...new Set(hosts)].join(', ')
}

function engineText({ data }: Evidence): string {
  const engines = Object.values(data.manifests).flatMap(({ manifest: { engine } }) =>
    engine === undefined ? [] : [engineName(engine)],
  )
  return [...new Set(engines)].join(', ')
}

/** An emulated server is this program, and its version what the page says of that. */
function engineName({ name, build = '' }: EngineFacts): string {
  return build.includes(name) ? build : [name, build].filter((part) => part !== '').join(' ')
}

/** The names under which servers were asked for their models: of their files nothing is known. */
function servedText(cells: readonly Cell[], words: Words): string {
  const names = cells.flatMap(({ config: { artifact } }) => (artifact.kind === 'served' ? [artifact.name] : []))
  return names.length === 0 ? '' : words('server.served', { name: [...new Set(names)].join(', ') })
}

function chipsOf(evidence: Evidence): Chip[] {
  const { data, words } = evidence
  const { trials, plan } = data
  const launches = data.launches.filter(({ role }) => role === undefined)
  const { kind } = serversOf(evidence)
  const failed = trials.filter((trial) => trial.status === 'failed').length
  const open = trials.filter((trial) => trial.status !== 'ok' && trial.status !== 'failed').length
  const invalid = trials.filter((trial) => trial.invalid.length > 0).length
  return [
    ...(kind === 'emulated' || kind === 'both'
      ? [{ text: words(`server.chip-${kind}`), tone: 'warn' as const, href: '#mislead' }]
      : []),
    { text: words('head.cells', { n: plan.cells.length }), tone: 'plain', href: '#matrix' },
    {
      text: words('head.trials', { n: trials.length, launches: words('head.launches', { n: launches.length }) }),
      tone: 'plain',
      href: '#samples',
    },
    { text: words('head.failed', { n: failed }), tone: tone(failed), href: '#skipped' },
    { text: words('head.skipped', { n: plan.skipped.length }), tone: 'plain', href: '#skipped' },
    { text: words('head.invalid', { n: invalid }), tone: tone(invalid), href: '#mislead' },
    ...(open > 0 ? [{ text: words('head.open', { n: open }), tone: 'warn' as const, href: '#skipped' }] : []),
  ]
}

function tone(n: number): Chip['tone'] {
  return n > 0 ? 'warn' : 'plain'
}
