import type { LoadConfig } from '../domain/cell.ts'
import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import { fixed, shownRate } from './numbers.ts'
import type { Words } from './words.ts'

/** How hard a server was pressed: so many clients in a closed loop, or so many arrivals per second. */
export type LoadLevel = { unit: LevelUnit; value: number }
export type LevelUnit = 'clients' | 'rate'

/** The axis that a level is the value of. */
export const levelAxes: Readonly<Record<LevelUnit, string>> = {
  clients: 'load.clients',
  rate: 'load.ratePerSecond',
}

/** The level of a load; `undefined` where no one number says it. */
export function levelOf(load: LoadConfig): LoadLevel | undefined {
  switch (load.kind) {
    case 'closed':
      return { unit: 'clients', value: load.clients }
    case 'constant':
    case 'poisson':
    case 'gamma':
      return load.ratePerSecond === 'auto' ? undefined : { unit: 'rate', value: load.ratePerSecond }
    case 'burst':
      return { unit: 'rate', value: (1000 * load.size) / load.everyMs }
    case 'ramp':
    case 'trace':
      return undefined
  }
}

/** `8 clients`, `20 requests/s`. */
export function levelText(words: Words, { unit, value }: LoadLevel): string {
  const n = unit === 'clients' ? fixed(value, 0) : shownRate(value)
  return words(`load.${unit}`, { n })
}

/** What a user waits for a first token: with arrivals from their schedule, so that a late client hides no queue. */
export function waitOf({ cell }: ShownCell): Extract<Metric, 'ttft_ms' | 'ttft_scheduled_ms'> {
  return isOpen(cell.config.load) ? 'ttft_scheduled_ms' : 'ttft_ms'
}

/** Whether requests are sent at their own moments, whether or not those before them have ended. */
export function isOpen({ kind }: LoadConfig): boolean {
  return kind !== 'closed'
}
