import type { LoadConfig } from '../domain/cell.ts'

/**
 * Milliseconds for which a load sends, as far as that is known before: of an open one by requests on average. `undefined` where the
 * engine decides.
 */
export function loadTimeMs(load: LoadConfig): number | undefined {
  if ('durationMs' in load) return load.durationMs
  const gaps = load.requests - 1
  switch (load.kind) {
    case 'closed':
      return undefined
    case 'constant':
    case 'poisson':
    case 'gamma':
      return load.ratePerSecond === 'auto' ? undefined : (1000 * gaps) / load.ratePerSecond
    case 'burst':
      return Math.floor(gaps / load.size) * load.everyMs
    case 'ramp':
      return (2000 * gaps) / (load.fromPerSecond + load.toPerSecond)
    case 'trace':
      return (load.arrivalsMs[gaps] ?? 0) / load.speed
  }
}
