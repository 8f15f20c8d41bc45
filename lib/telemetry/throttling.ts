import { boardName } from './cpu-name.ts'
import { thisSystem, type SystemView } from './system-view.ts'

/** What the machine says of slowing itself down, up to one moment. */
export type ThrottleState = {
  /** Times that a core or the package was slowed down for heat, since boot. */
  heatEvents?: number
  /** `vcgencmd get_throttled` of a Raspberry Pi: bits 0 to 3 hold now, 16 to 19 since boot. */
  piFlags?: number
}

const cpus = '/sys/devices/system/cpu'
const piFlagNames = ['under-voltage', 'a capped frequency', 'throttling', 'the soft temperature limit']

/** Both fields are absent where the machine says nothing. */
export async function throttleState(system: Pick<SystemView, 'files' | 'run'> = thisSystem): Promise<ThrottleState> {
  const heatEvents = heatEventsOf(system.files)
  const piFlags = boardName(system.files)?.startsWith('Raspberry Pi') ? await piFlagsOf(system.run) : undefined
  return { ...(heatEvents !== undefined && { heatEvents }), ...(piFlags !== undefined && { piFlags }) }
}

/** Why what was measured between two moments must not count; `undefined` where nothing was slowed down. */
export function throttledBetween(before: ThrottleState, after: ThrottleState): string | undefined {
  const events = (after.heatEvents ?? 0) - (before.heatEvents ?? 0)
  if (events > 0) return `the processor slowed itself down for heat ${events} times`
  const flags = [before.piFlags ?? 0, after.piFlags ?? 0] as const
  const atEitherEnd = flags[0] | flags[1]
  const inBetween = (flags[1] & ~flags[0]) >> 16
  const names = piFlagNames.filter((_, bit) => (((atEitherEnd | inBetween) >> bit) & 1) === 1)
  return names.length === 0 ? undefined : `the board reports ${names.join(', ')}`
}

function heatEventsOf(files: SystemView['files']): number | undefined {
  const counters = files
    .list(cpus)
    .filter((entry) => /^cpu\d+$/.test(entry))
    .flatMap((cpu) => ['core', 'package'].map((part) => `${cpus}/${cpu}/thermal_throttle/${part}_throttle_count`))
  const counts = counters.map((path) => files.read(path)).filter((count) => count !== undefined)
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + Number(count), 0)
}

async function piFlagsOf(run: SystemView['run']): Promise<number | undefined> {
  const { stdout } = await run(['vcgencmd', 'get_throttled'])
  const flags = stdout.match(/^throttled=0x([0-9a-f]+)$/im)?.[1]
  return flags === undefined ? undefined : Number.parseInt(flags, 16)
}
