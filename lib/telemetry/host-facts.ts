import type { HostFacts } from '../domain/manifest.ts'
import { cpuName } from './cpu-name.ts'
import { usableCores } from './cpu-quota.ts'
import { memoryLimit } from './memory-limit.ts'
import { nvidiaGpus } from './nvidia-gpus.ts'
import { thisSystem, type FileView, type SystemView } from './system-view.ts'
import { processorTemperature } from './temperature.ts'
import { throttleState } from './throttling.ts'
import { virtualization } from './virtualization.ts'

/** What this machine is, and what of it could not be read; the same from run to run while the machine stays as it is. */
export async function hostFacts(system: SystemView = thisSystem): Promise<HostFacts> {
  const { files, platform, memoryBytes } = system
  const cpu = cpuName(system)
  const distribution = await distributionOf(system)
  const around = virtualization(files)
  const { accelerators, problem } = platform === 'darwin' ? appleGpu(cpu) : await nvidiaGpus(system.run)
  return {
    os: system.os,
    ...(distribution !== undefined && { distribution }),
    cpu,
    cores: usableCores(system.availableCores, files),
    memoryBytes: Math.min(memoryBytes, memoryLimit(files) ?? Infinity),
    accelerators,
    ...(around !== undefined && { virtualization: around }),
    unavailable: [...(await unreadable(system)), ...(problem === undefined ? [] : [problem])],
  }
}

/** `Debian GNU/Linux 12 (bookworm)`, `macOS 15.1`. */
async function distributionOf({ files, platform, run }: SystemView): Promise<string | undefined> {
  if (platform !== 'darwin') return files.read('/etc/os-release')?.match(/^PRETTY_NAME="?(.*?)"?$/m)?.[1]
  const version = (await run(['sw_vers', '-productVersion'])).stdout.trim()
  return version === '' ? undefined : `macOS ${version}`
}

/** The GPU of Apple silicon is a part of the chip and shares its memory. */
function appleGpu(cpu: string): Awaited<ReturnType<typeof nvidiaGpus>> {
  return { accelerators: cpu.startsWith('Apple') ? [{ name: cpu }] : [] }
}

async function unreadable(system: SystemView): Promise<string[]> {
  const { files } = system
  const { heatEvents, piFlags } = await throttleState(system)
  const readable: Readonly<Record<string, boolean>> = {
    'memory by share (PSS)': files.read('/proc/self/smaps_rollup') !== undefined,
    'CPU time of other processes': files.read('/proc/stat') !== undefined,
    'processor temperature': processorTemperature(files) !== undefined,
    'throttling counters': heatEvents !== undefined || piFlags !== undefined,
    'CPU frequency': files.read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq') !== undefined,
    'RAPL energy counters': hasEnergyCounter(files),
  }
  return Object.keys(readable).filter((what) => readable[what] !== true)
}

function hasEnergyCounter(files: FileView): boolean {
  const folder = '/sys/class/powercap'
  return files.list(folder).some((zone) => files.read(`${folder}/${zone}/energy_uj`) !== undefined)
}
