import { expect, test } from 'vitest'
import { hostFacts } from '../../lib/telemetry/host-facts.ts'
import { fakeRun, fakeSystem } from './fake-system.ts'

test('a server with GPUs says all that can be read of it', async () => {
  const smi = 'NVIDIA A100-SXM4-40GB, 40960, 550.54.15\nNVIDIA GB10, [N/A], [N/A]\n'
  const facts = await hostFacts(
    fakeSystem(
      {
        '/etc/os-release': 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
        '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: AMD EPYC 7763\nflags\t\t: fpu sse\n',
        '/proc/stat': 'cpu0 1 2 3 4 5 6 7 8 9 10\n',
        '/proc/self/smaps_rollup': 'Rss: 1 kB\n',
        '/sys/class/powercap/intel-rapl:0/energy_uj': '1\n',
        '/sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
        '/sys/class/thermal/thermal_zone0/temp': '41000\n',
        '/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '1\n',
        '/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count': '0\n',
      },
      { run: fakeRun({ 'nvidia-smi': smi }) },
    ),
  )
  expect(facts).toEqual({
    os: 'Linux 6.1.0',
    distribution: 'Debian GNU/Linux 12 (bookworm)',
    cpu: 'AMD EPYC 7763',
    cores: 8,
    memoryBytes: 16e9,
    accelerators: [
      { name: 'NVIDIA A100-SXM4-40GB', memoryBytes: 40_960 * 1024 * 1024, driver: '550.54.15' },
      { name: 'NVIDIA GB10' },
    ],
    unavailable: [],
  })
})

test('a machine that says nothing lists what is not known', async () => {
  const facts = await hostFacts(fakeSystem({}, { arch: 'arm64', cpuModel: 'unknown' }))
  expect(facts).toMatchObject({ cpu: 'unknown arm64 processor', accelerators: [] })
  expect(facts.unavailable).toEqual([
    'memory by share (PSS)',
    'CPU time of other processes',
    'processor temperature',
    'throttling counters',
    'CPU frequency',
    'RAPL energy counters',
  ])
})

const withSmi = async (code: number) =>
  (await hostFacts(fakeSystem({}, { run: fakeRun({ 'nvidia-smi': code }) }))).unavailable.at(-1)

test('a driver that does not work is not the same as no GPU', async () => {
  expect(await withSmi(9)).toBe('NVIDIA GPUs (nvidia-smi failed with code 9)')
  const hanging = fakeSystem({}, { run: async () => ({ code: undefined, stdout: '' }) })
  expect((await hostFacts(hanging)).unavailable).toContain('NVIDIA GPUs (nvidia-smi did not end)')
})

const gpusOf = async (code: number, stdout: string) => {
  const { accelerators, unavailable } = await hostFacts(fakeSystem({}, { run: async () => ({ code, stdout }) }))
  return [accelerators.map(({ name }) => name), unavailable.some((each) => each.startsWith('NVIDIA'))]
}

test('what a driver says beside its cards is no card, and does not hide them', async () => {
  const card = 'NVIDIA A100-SXM4-40GB, 40960, 550.54.15\n'
  expect(await gpusOf(14, `${card}WARNING: infoROM is corrupted at gpu 0000:5E:00.0\n`)).toEqual([
    ['NVIDIA A100-SXM4-40GB'],
    false,
  ])
  expect(await gpusOf(0, 'No devices were found\n')).toEqual([[], false])
  expect(await gpusOf(9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n")).toEqual([
    [],
    true,
  ])
})

const cpuOf = async (texts: Record<string, string>, cpuModel?: string) =>
  (await hostFacts(fakeSystem(texts, { arch: 'arm64', cpuModel }))).cpu

test('a Raspberry Pi is named by its board, other boards by their processor', async () => {
  expect(await cpuOf({ '/proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0' }, 'unknown')).toBe(
    'Raspberry Pi 5 Model B Rev 1.0',
  )
  const parts = 'processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n'
  expect(await cpuOf({ '/proc/cpuinfo': parts })).toBe('arm64 processor, implementer 0x41, part 0xd40')
  expect(await cpuOf({ '/proc/cpuinfo': parts }, 'Neoverse-V1')).toBe('Neoverse-V1')
})

test('Apple silicon has its GPU in the chip', async () => {
  const mac = fakeSystem({}, { platform: 'darwin', cpuModel: 'Apple M3 Pro', run: fakeRun({ sw_vers: '15.1\n' }) })
  expect(await hostFacts(mac)).toMatchObject({
    distribution: 'macOS 15.1',
    cpu: 'Apple M3 Pro',
    accelerators: [{ name: 'Apple M3 Pro' }],
  })
  const intel = fakeSystem({}, { platform: 'darwin', cpuModel: 'Intel(R) Core(TM) i7' })
  expect((await hostFacts(intel)).accelerators).toEqual([])
})

test('this machine has a processor, cores and memory', async () => {
  const { cpu, cores, memoryBytes } = await hostFacts()
  expect(cpu).not.toBe('')
  expect(cores).toBeGreaterThanOrEqual(1)
  expect(memoryBytes).toBeGreaterThan(1e8)
})
