import type { Conditions } from '../domain/manifest.ts'
import { processorTemperature } from './temperature.ts'
import { thisSystem, type FileView, type SystemView } from './system-view.ts'

const supplies = '/sys/class/power_supply'

/** What may change from run to run, as it is now. */
export async function conditions(system: SystemView = thisSystem): Promise<Conditions> {
  const temperatureCelsius = processorTemperature(system.files)
  const onBattery = system.platform === 'darwin' ? await darwinOnBattery(system.run) : linuxOnBattery(system.files)
  return {
    freeMemoryBytes: system.freeMemoryBytes(),
    // Windows has none, and says 0.
    ...(system.platform !== 'win32' && { loadAverage: system.loadAverage() }),
    ...(temperatureCelsius !== undefined && { temperatureCelsius }),
    ...(onBattery !== undefined && { onBattery }),
  }
}

/** `undefined` on a machine without a battery. */
function linuxOnBattery(files: FileView): boolean | undefined {
  const states = files
    .list(supplies)
    .filter((supply) => files.read(`${supplies}/${supply}/type`)?.trim() === 'Battery')
    // A mouse has a battery too.
    .filter((supply) => files.read(`${supplies}/${supply}/scope`)?.trim() !== 'Device')
    .map((supply) => files.read(`${supplies}/${supply}/status`)?.trim())
  return states.length === 0 ? undefined : states.includes('Discharging')
}

async function darwinOnBattery(run: SystemView['run']): Promise<boolean | undefined> {
  const source = (await run(['pmset', '-g', 'batt'])).stdout.match(/drawing from '(.+) Power'/)?.[1]
  return source === undefined ? undefined : source === 'Battery'
}
