import { byteText } from '../domain/byte-text.ts'
import type { HostFacts } from '../domain/manifest.ts'
import { conditions } from '../telemetry/conditions.ts'
import { boardName } from '../telemetry/cpu-name.ts'
import { hostFacts } from '../telemetry/host-facts.ts'
import { memoryLimit } from '../telemetry/memory-limit.ts'
import { otherLoad } from '../telemetry/other-load.ts'
import { processorFeatures } from '../telemetry/repacked-types.ts'
import type { SystemView } from '../telemetry/system-view.ts'
import { throttleState } from '../telemetry/throttling.ts'
import { contentionLimit } from '../worker/trial-watch.ts'
import { type Finding, missing, ok, warn } from './finding.ts'

export type MachineView = {
  system: SystemView
  env: Readonly<Record<string, string | undefined>>
  wait: (ms: number) => Promise<void>
  /** Monotonic. */
  nowMs?: () => number
}

const littleMemory = 2e9
const shownFeatures = [
  'sse4_2',
  'avx',
  'avx2',
  'fma',
  'f16c',
  'avx512f',
  'avx512_vnni',
  'amx_int8',
  'asimd',
  'asimddp',
  'i8mm',
  'sve',
]

/** What the machine is, what is around it, and what of it cannot be read. */
export async function machineFindings({ system, env, wait, nowMs }: MachineView): Promise<Finding[]> {
  const facts = await hostFacts(system)
  return [
    processor(facts, system),
    memory(facts, system),
    ...gpus(facts, system),
    ...(await surroundings(facts, { system, env })),
    telemetry(facts),
    ...clockSource(system),
    await load(facts, { system, wait, ...(nowMs && { nowMs }) }),
    ...(await power(system)),
  ]
}

function processor({ cpu, cores }: HostFacts, { files, arch, availableCores }: SystemView): Finding {
  const features = processorFeatures(files).filter((feature) => shownFeatures.includes(feature))
  const simd = features.length === 0 ? '' : `; ${features.join(' ')}`
  const quota = cores < availableCores ? ` of ${availableCores}, by a quota` : ''
  const says = `${cpu}, ${cores === 1 ? '1 core' : `${cores} cores`} to use${quota}${simd}`
  if (arch === 'x64' && features.length > 0 && !features.includes('avx2'))
    return warn(
      'processor',
      says,
      'without AVX2 the engine is several times slower: compare with other machines with care',
    )
  if (cores < availableCores)
    return warn('processor', says, 'give the container whole cores: a quota stops the engine in the middle of a token')
  return ok('processor', says)
}

function memory({ memoryBytes }: HostFacts, { files, freeMemoryBytes }: SystemView): Finding {
  const limited = memoryLimit(files) === undefined ? '' : ' (limit of the control group)'
  const says = `${byteText(memoryBytes)} for a process${limited}, ${byteText(freeMemoryBytes())} free on the machine`
  return memoryBytes < littleMemory
    ? warn('memory', says, 'models of up to about half of it fit: benchbook models list says which')
    : ok('memory', says)
}

const driverAdvice = 'install or reload the driver, and give a container its GPUs (docker run --gpus all)'
const driverless = missing('gpu', 'an NVIDIA card, and no nvidia-smi: launches compute on the processor', driverAdvice)

/** By what sits on the bus, which needs no driver to be seen. */
function hasNvidiaCard({ list, read }: SystemView['files']): boolean {
  const devices = '/sys/bus/pci/devices'
  const has = (device: string, file: string, start: string) => read(`${devices}/${device}/${file}`)?.startsWith(start)
  return list(devices).some((device) => has(device, 'vendor', '0x10de') && has(device, 'class', '0x03'))
}

function gpus({ accelerators, unavailable }: HostFacts, { files, platform }: SystemView): Finding[] {
  const broken = unavailable.find((what) => what.startsWith('NVIDIA GPUs'))
  if (broken !== undefined) return [missing('gpu', broken, driverAdvice)]
  if (accelerators.length === 0)
    return [hasNvidiaCard(files) ? driverless : ok('gpu', 'none: launches compute on the processor')]
  return accelerators.map(({ name, memoryBytes, driver }) => {
    const size =
      memoryBytes === undefined ? (platform === 'darwin' ? ', shares the memory' : '') : `, ${byteText(memoryBytes)}`
    return ok('gpu', `${name}${size}${driver === undefined ? '' : `, driver ${driver}`}`)
  })
}

async function surroundings(
  { virtualization = '' }: HostFacts,
  { system, env }: Omit<MachineView, 'wait'>,
): Promise<Finding[]> {
  const found: Finding[] = []
  const board = boardName(system.files)
  if (board?.startsWith('Raspberry Pi') === true) found.push(await pi(board, system))
  if (env['COLAB_RELEASE_TAG'] !== undefined || env['COLAB_GPU'] !== undefined)
    found.push(
      warn(
        'surroundings',
        'Google Colab',
        'the machine changes from session to session and is shared: compare only within one session, and download the store before it ends',
      ),
    )
  else if (virtualization === 'wsl')
    found.push(
      warn(
        'surroundings',
        'WSL',
        'keep lab and models inside Linux (not under /mnt/c, which is slow), and see memory in .wslconfig: by default it is half of Windows',
      ),
    )
  else if (virtualization !== '')
    found.push(
      warn(
        'surroundings',
        `inside ${virtualization}`,
        'others may share the processor: trust intervals over several blocks, not single figures',
      ),
    )
  return found.length > 0 ? found : [ok('surroundings', board ?? 'no container and no virtual machine')]
}

async function pi(board: string, system: SystemView): Promise<Finding> {
  const { piFlags } = await throttleState(system)
  if (piFlags === undefined)
    return warn(
      'surroundings',
      board,
      'vcgencmd does not answer: install libraspberrypi-bin and join the group video, else throttling goes unseen',
    )
  return piFlags === 0
    ? ok('surroundings', `${board}, has not been throttled since it was started`)
    : warn(
        'surroundings',
        `${board}, has been throttled since it was started`,
        'use the 27 W (Pi 5) or 15 W supply and a fan, then restart it',
      )
}

/** What is not known where something cannot be read. */
const costs: readonly (readonly [RegExp, string])[] = [
  [/PSS/, 'memory is given as RSS, which counts shared pages in full'],
  [/other processes/, 'trials that others disturbed are not noticed'],
  [/throttling/, 'throttled trials are not noticed'],
  [/temperature/, 'reports have no temperature'],
  [/energy/, 'reports have no energy per token'],
]

function telemetry({ unavailable }: HostFacts): Finding {
  const here = unavailable.filter((what) => !what.startsWith('NVIDIA GPUs'))
  if (here.length === 0) return ok('telemetry', 'everything can be read')
  const cost = costs.flatMap(([pattern, says]) => (here.some((what) => pattern.test(what)) ? [says] : []))
  return warn('telemetry', `cannot be read: ${here.join(', ')}`, cost.join('; ') || 'reports lack them')
}

function clockSource({ files }: SystemView): Finding[] {
  const source = files.read('/sys/devices/system/clocksource/clocksource0/current_clocksource')?.trim()
  if (source === undefined) return []
  return /^(hpet|acpi_pm|jiffies|refined-jiffies)$/.test(source)
    ? [
        warn(
          'clock',
          source,
          'a slow clock: every time stamp costs microseconds; boot with tsc=reliable if the processor has a steady one',
        ),
      ]
    : [ok('clock', source)]
}

async function load({ cores }: HostFacts, { system, wait, nowMs }: Omit<MachineView, 'env'>): Promise<Finding> {
  const other = await otherLoad(system.files, wait, nowMs)
  if (other === undefined)
    return warn('load now', 'unknown', 'look yourself that nothing else computes while trials run')
  const says = `others take ${other.toFixed(2)} of ${cores} cores`
  if (other <= contentionLimit) return ok('load now', says)
  const threads = Math.floor(cores - other + contentionLimit)
  const upTo =
    threads < 1 ? 'every trial would be invalid' : `trials with more than ${threads} threads would be invalid`
  return warn('load now', says, `${upTo}: end what else computes`)
}

async function power(system: SystemView): Promise<Finding[]> {
  const { onBattery } = await conditions(system)
  if (onBattery === undefined) return []
  return onBattery
    ? [warn('power', 'on battery', 'plug it in: most laptops compute slower on battery')]
    : [ok('power', 'plugged in')]
}
