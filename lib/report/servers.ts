import { asksServer, attachedUrl } from '../domain/backend-config.ts'
import { emulatedVersion } from '../domain/emulation.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** Which servers the cells were asked of: our own emulation, others, both, or none at all. */
export type ServerKind = 'emulated' | 'attached' | 'both' | 'none'
export type Servers = { kind: ServerKind; several: boolean }

type SeenServers = Pick<Evidence, 'comparison' | 'data' | 'trialsOf' | 'launchOf'>

/** Whether no model computed for a cell: as its file says, or as the server said that was named in another's place. */
export function isEmulated({ data, trialsOf, launchOf }: SeenServers, { cell }: ShownCell): boolean {
  if (cell.config.backend.kind === 'emulator') return true
  return trialsOf(cell.id).some((trial) => {
    const digest = launchOf(trial)?.manifestDigest
    return digest !== undefined && data.manifests[digest]?.manifest.engine?.version === emulatedVersion
  })
}

/** What kind of servers a report is about. */
export function serversOf(evidence: SeenServers): Servers {
  const cells = evidence.comparison.cells.filter(({ cell }) => asksServer(cell.config.backend))
  const emulations = new Set(cells.filter((cell) => isEmulated(evidence, cell)))
  const [emulated, attached] = [
    [...emulations].map(({ cell }) => cell.config.backend),
    cells.filter((cell) => !emulations.has(cell)).map(({ cell }) => cell.config.backend),
  ]
  const names = new Set([...emulated, ...attached].map(({ name }) => name))
  const both = emulated.length > 0 && attached.length > 0
  const one = emulated.length > 0 ? 'emulated' : attached.length > 0 ? 'attached' : 'none'
  return { kind: both ? 'both' : one, several: names.size > 1 }
}

/**
 * `On this emulated server`: how a sentence begins that holds for the servers that were asked; empty where an engine was started or
 * computed in our own process, of which the machine says more.
 */
export function whereText(evidence: SeenServers & Pick<Evidence, 'words'>): string {
  const { kind, several } = serversOf(evidence)
  const isAllAttached = evidence.comparison.cells.every(({ cell }) => attachedUrl(cell.config.backend) !== undefined)
  if (kind === 'none' || (kind === 'attached' && !isAllAttached)) return ''
  return evidence.words(`server.on-${kind}`, { n: several ? 2 : 1 })
}
