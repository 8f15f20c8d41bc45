import { asksServer, attachedUrl, type BackendConfig, type ServerConfig } from '../domain/backend-config.ts'
import type { LoadConfig, OpenLoad, WorkloadConfig } from '../domain/cell.ts'
import { type Plan, kneeGoodput } from '../domain/plan.ts'
import { objectivesText } from './goodput-figure.ts'
import { percent, shownRate } from './numbers.ts'
import { shownText } from './shown-text.ts'
import type { Words } from './words.ts'

/** A load but for its level: those that differ in nothing else are told together. */
export function withoutLevel(load: LoadConfig): LoadConfig {
  if (load.kind === 'closed') return { ...load, clients: 0 }
  return 'ratePerSecond' in load ? { ...load, ratePerSecond: 0 } : load
}

/** When requests were sent, in words; of loads that differ in their level only all levels. */
export function loadText(loads: readonly LoadConfig[], words: Words): string {
  const [load] = loads
  if (load === undefined) return ''
  if (load.kind === 'closed') {
    const n = listed(loads.map(({ clients }) => String(clients)))
    return 'requests' in load
      ? words('method.load', { n, requests: load.requests })
      : words('method.load-duration', { n, seconds: load.durationMs / 1000 })
  }
  const end =
    'requests' in load
      ? words('method.open-requests', { n: load.requests })
      : words('method.open-duration', { seconds: load.durationMs / 1000 })
  const rate = listed(loads.flatMap((each) => ('ratePerSecond' in each ? rateText(each.ratePerSecond) : [])))
  return [
    words(`method.load-${load.kind}`, { ...arrivals(load), rate, end }),
    words('method.open-clients', { n: load.clients }),
  ].join(' ')
}

const listed = (texts: readonly string[]) => [...new Set(texts)].join(', ')

function arrivals(load: OpenLoad): Record<string, string | number> {
  switch (load.kind) {
    case 'constant':
    case 'poisson':
      return { seed: load.seed }
    case 'gamma':
      return { seed: load.seed, variation: load.variation }
    case 'burst':
      return { size: load.size, seconds: load.everyMs / 1000 }
    case 'ramp':
      return { seed: load.seed, from: shownRate(load.fromPerSecond), to: shownRate(load.toPerSecond) }
    case 'trace':
      return { file: shownText(load.file, 300), n: load.arrivalsMs.length, speed: load.speed }
  }
}

const rateText = (rate: number | 'auto') => (rate === 'auto' ? rate : shownRate(rate))

/** What of a workload concerns a server: conversations, and prompts with output limits of their own. */
export function conversationText(workload: WorkloadConfig, words: Words): string[] {
  if (workload.kind !== 'chat' && workload.kind !== 'completion') return []
  const turns = workload.prompts.map(({ followUps = [] }) => followUps.length + 1)
  const [least, most] = [Math.min(...turns), Math.max(...turns)]
  const limits = workload.prompts.flatMap(({ maxTokens }) => maxTokens ?? [])
  return [
    ...(most > 1
      ? [words('method.turns', { turns: least === most ? most : words('range', { low: least, high: most }) })]
      : []),
    ...(limits.length > 0 ? [words('method.own-limits', { low: Math.min(...limits), high: Math.max(...limits) })] : []),
    ...(workload.order === 'client' ? [words('method.order-client')] : []),
  ]
}

/** How a launch comes to its server. */
function launchedAs(backend: ServerConfig): 'openai' | 'emulator' | 'server' {
  if (attachedUrl(backend) !== undefined) return 'openai'
  return backend.kind === 'emulator' ? 'emulator' : 'server'
}

/** How servers were spoken to, and what was asked of their answers. */
export function wireSentences(plan: Plan, words: Words): string[] {
  const backends = new Map<string, BackendConfig>(plan.cells.map(({ config: { backend } }) => [backend.name, backend]))
  const servers = [...backends.values()].filter(asksServer)
  const kinds = [...new Set(servers.map(launchedAs))]
  return [
    ...kinds.map((kind) => words(`method.launch-${kind}`)),
    ...servers.map((server) =>
      [
        words('method.wire', { name: server.name, n: server.clientProcesses }),
        words(server.salt ? 'method.salt' : 'method.no-salt'),
        ...(server.tokenizer === undefined
          ? []
          : [words('method.tokenizer', { name: shownText(server.tokenizer, 300) })]),
      ].join(' '),
    ),
    ...(plan.objectives === undefined
      ? []
      : [words('method.objectives', { objectives: objectivesText(words, plan.objectives) })]),
    ...(plan.probes === undefined || plan.probes.length === 0
      ? []
      : [words('method.probes', { share: percent(kneeGoodput) })]),
  ]
}
