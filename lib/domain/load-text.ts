import type { LoadConfig } from './cell.ts'
import { plain } from './plain.ts'

/** A load in a few words: `8 clients`, `poisson 20/s`. How many may be under way in an open one is not among them. */
export function loadText(load: LoadConfig): string {
  switch (load.kind) {
    case 'closed':
      return load.clients === 1 ? '1 client' : `${load.clients} clients`
    case 'constant':
    case 'poisson':
      return `${load.kind} ${rateText(load.ratePerSecond)}`
    case 'gamma':
      return `gamma ${rateText(load.ratePerSecond)}, variation ${load.variation}`
    case 'burst':
      return `${load.size} every ${load.everyMs / 1000} s`
    case 'ramp':
      return `ramp ${load.fromPerSecond} to ${load.toPerSecond}/s`
    case 'trace':
      return `trace ${plain(load.file)}${load.speed === 1 ? '' : ` at ${load.speed} times its speed`}`
  }
}

const rateText = (rate: number | 'auto') => (rate === 'auto' ? 'at the knee' : `${rate}/s`)
