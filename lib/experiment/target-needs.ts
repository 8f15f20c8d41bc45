import type { HardwareConfig } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'

/** What hardware must be called or have, of which this machine is another or has less; `undefined` where it is all there. */
export function whyOtherTarget(
  { cpu, cores, gpu, gpus = gpu === undefined ? 0 : 1 }: HardwareConfig['needs'],
  machine: { cores: number; cpu?: string; gpus?: readonly string[] },
): string | undefined {
  if (cpu !== undefined && machine.cpu !== undefined && !isNamed(machine.cpu, cpu))
    return `needs a processor or board named ${JSON.stringify(cpu)}, this machine is ${plain(machine.cpu)}`
  if (cores !== undefined && cores > machine.cores)
    return `needs ${counted(cores, 'core')}, this machine has ${counted(machine.cores, 'core')}`
  if (machine.gpus === undefined) return undefined
  const fitting = machine.gpus.filter((name) => gpu === undefined || isNamed(name, gpu))
  if (fitting.length >= gpus) return undefined
  const named = gpu === undefined ? '' : ` named ${JSON.stringify(gpu)}`
  const has = machine.gpus.length === 0 ? 'none' : machine.gpus.map(plain).join(', ')
  return `needs ${counted(gpus, 'GPU')}${named}, this machine has ${has}`
}

const isNamed = (name: string, part: string) => name.toLowerCase().includes(part.toLowerCase())
const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
