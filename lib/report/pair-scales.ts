import type { JsonValue } from '../domain/json.ts'
import { markOf } from './marks.ts'
import type { ShownPair } from './shown-pair.ts'

/** The two arms of a pair with their colours and shapes, as scales of a chart: those that they have in the whole report. */
export function pairScales({ names, cells }: ShownPair): Record<string, JsonValue> {
  const [base, against] = [cells[0]?.base.arm.mark ?? markOf(0), cells[0]?.against.arm.mark ?? markOf(1)]
  // Arms that have the same value of the axis that is compared are told apart here all the same.
  const other = base.index === against.index ? { ...base, colour: 'currentColor', shape: 'cross' } : base
  return {
    values: [names.base, names.against],
    colours: [other.colour, against.colour],
    shapes: [other.shape, against.shape],
  }
}
