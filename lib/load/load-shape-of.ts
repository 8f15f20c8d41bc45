import type { LoadConfig } from '../domain/cell.ts'
import type { LoadShape } from '../domain/load-shape.ts'
import { closedLoop } from './closed-loop.ts'

/** A new shape is one file and one line here. */
const shapes = {
  closed: (load) => closedLoop(load.clients),
} satisfies { [Kind in LoadConfig['kind']]?: (load: Extract<LoadConfig, { kind: Kind }>) => LoadShape }

/** The load shape that a cell asks for. */
export function loadShapeOf(load: LoadConfig): LoadShape {
  if (load.kind !== 'closed') throw new Error(`no load shape ${load.kind}`)
  return shapes[load.kind](load)
}
