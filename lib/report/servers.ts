import { asksServer } from '../domain/backend-config.ts'
import type { Evidence } from './evidence.ts'

/** Which servers the cells were asked of: our own emulation, others, both, or none at all. */
export type ServerKind = 'emulated' | 'attached' | 'both' | 'none'
export type Servers = { kind: ServerKind; several: boolean }

/** What kind of servers a report is about. */
export function serversOf({ comparison }: Pick<Evidence, 'comparison'>): Servers {
  const backends = comparison.cells.map(({ cell }) => cell.config.backend)
  const [emulated, attached] = [
    backends.filter(({ kind }) => kind === 'emulator'),
    backends.filter((backend) => asksServer(backend) && backend.kind !== 'emulator'),
  ]
  const names = new Set([...emulated, ...attached].map(({ name }) => name))
  const both = emulated.length > 0 && attached.length > 0
  const one = emulated.length > 0 ? 'emulated' : attached.length > 0 ? 'attached' : 'none'
  return { kind: both ? 'both' : one, several: names.size > 1 }
}

/** `On this emulated server`: how a sentence begins that holds for the servers that were asked; empty where none was. */
export function whereText(evidence: Pick<Evidence, 'comparison' | 'words'>): string {
  const { kind, several } = serversOf(evidence)
  return kind === 'none' ? '' : evidence.words(`server.on-${kind}`, { n: several ? 2 : 1 })
}
