import type { Cell } from '../../lib/domain/cell.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { completion, without } from '../measure/requests.ts'

/** The cell on a server that says no usage, beside which a tokenizer counts. */
export function countedCell(cell: Cell): Cell {
  const backend = {
    name: 'server',
    kind: 'openai',
    url: 'http://127.0.0.1:9',
    clientProcesses: 1,
    tokenizer: 'words',
  } as const
  return { ...cell, config: { ...cell.config, backend: backend as never } }
}

/** Of such a server: TTFT 100 ms, then gaps in milliseconds between events of one character. */
export function unsaid(gapsMs: readonly number[]): RequestTimeline {
  const deltasUs = [100_000, ...gapsMs.map((ms) => ms * 1000)]
  return without(completion({ events: { deltasUs, characters: deltasUs.map(() => 1) } }), 'outputTokens')
}
