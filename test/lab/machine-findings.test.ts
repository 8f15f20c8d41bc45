import { expect, test } from 'vitest'
import { findingsText } from '../../lib/cli/doctor-command.ts'
import { machineFindings } from '../../lib/lab/machine-findings.ts'
import type { SystemView } from '../../lib/telemetry/system-view.ts'
import { fakeRun, fakeSystem } from '../telemetry/fake-system.ts'

const wait = async () => {}
type Env = Readonly<Record<string, string>>

/** The lines about one topic. */
async function about(topic: string, system: SystemView, env: Env = {}): Promise<string> {
  const findings = await machineFindings({ system, env, wait })
  return findingsText(findings.filter((finding) => finding.topic === topic))
}

const pi = (flags: string | undefined) =>
  fakeSystem(
    {
      '/proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0',
      '/proc/cpuinfo': 'Features\t: fp asimd asimddp\n',
    },
    { arch: 'arm64', run: fakeRun(flags === undefined ? {} : { vcgencmd: `throttled=${flags}\n` }) },
  )

test('a Raspberry Pi says whether it was throttled', async () => {
  expect(await about('surroundings', pi('0x0'))).toMatchInlineSnapshot(`
    "ok       surroundings  Raspberry Pi 5 Model B Rev 1.0, has not been throttled
                           since it was started
    "
  `)
  expect(await about('surroundings', pi('0x50005'))).toMatchInlineSnapshot(`
    "warn     surroundings  Raspberry Pi 5 Model B Rev 1.0, has been throttled since
                           it was started
                           -> use the 27 W (Pi 5) or 15 W supply and a fan, then
                           restart it
    "
  `)
  expect(await about('surroundings', pi(undefined))).toMatchInlineSnapshot(`
    "warn     surroundings  Raspberry Pi 5 Model B Rev 1.0
                           -> vcgencmd does not answer: install libraspberrypi-bin
                           and join the group video, else throttling goes unseen
    "
  `)
})

test('WSL, Colab, a container and bare metal', async () => {
  const wsl = fakeSystem({ '/proc/version': 'Linux version 5.15.0-microsoft-standard-WSL2\n' })
  expect(await about('surroundings', wsl)).toMatchInlineSnapshot(`
    "warn     surroundings  WSL
                           -> keep lab and models inside Linux (not under /mnt/c,
                           which is slow), and see memory in .wslconfig: by default
                           it is half of Windows
    "
  `)
  expect(await about('surroundings', fakeSystem({ '/.dockerenv': '' }), { COLAB_RELEASE_TAG: 'r1' }))
    .toMatchInlineSnapshot(`
    "warn     surroundings  Google Colab
                           -> the machine changes from session to session and is
                           shared: compare only within one session, and download the
                           store before it ends
    "
  `)
  expect(await about('surroundings', fakeSystem({ '/.dockerenv': '' }))).toMatchInlineSnapshot(`
    "warn     surroundings  inside docker
                           -> others may share the processor: trust intervals over
                           several blocks, not single figures
    "
  `)
  expect(await about('surroundings', fakeSystem({}))).toMatchInlineSnapshot(`
    "ok       surroundings  no container and no virtual machine
    "
  `)
})

test('a container with a quota of cores and a limit of memory', async () => {
  const system = fakeSystem({
    '/proc/self/cgroup': '0::/box\n',
    '/sys/fs/cgroup/box/cpu.max': '150000 100000\n',
    '/sys/fs/cgroup/box/memory.max': '1500000000\n',
    '/proc/cpuinfo': 'model name\t: Some CPU\nflags\t\t: fpu avx2 fma sse4_2\n',
  })
  expect(await about('processor', system)).toMatchInlineSnapshot(`
    "warn     processor  Some CPU, 1 core to use of 8, by a quota; avx2 fma sse4_2
                        -> give the container whole cores: a quota stops the engine
                        in the middle of a token
    "
  `)
  expect(await about('memory', system)).toMatchInlineSnapshot(`
    "warn     memory  1.5 GB for a process (limit of the control group), 9.0 GB free
                     on the machine
                     -> models of up to about half of it fit: benchbook models list
                     says which
    "
  `)
})

test('an old processor', async () => {
  const system = fakeSystem({ '/proc/cpuinfo': 'model name\t: Old CPU\nflags\t\t: fpu sse4_2 avx\n' })
  expect(await about('processor', system)).toMatchInlineSnapshot(`
    "warn     processor  Old CPU, 8 cores to use; sse4_2 avx
                        -> without AVX2 the engine is several times slower: compare
                        with other machines with care
    "
  `)
})

test('GPUs: none, one, and a driver that does not work', async () => {
  expect(await about('gpu', fakeSystem({}))).toMatchInlineSnapshot(`
    "ok       gpu  none: launches compute on the processor
    "
  `)
  const card = fakeSystem({}, { run: fakeRun({ 'nvidia-smi': 'NVIDIA L4, 23034, 550.54.15\n' }) })
  expect(await about('gpu', card)).toMatchInlineSnapshot(`
    "ok       gpu  NVIDIA L4, 24.2 GB, driver 550.54.15
    "
  `)
  const bus = '/sys/bus/pci/devices/0000:01:00.0'
  expect(await about('gpu', fakeSystem({ [`${bus}/vendor`]: '0x10de\n', [`${bus}/class`]: '0x030200\n' })))
    .toMatchInlineSnapshot(`
    "missing  gpu  an NVIDIA card, and no nvidia-smi: launches compute on the
                  processor
                  -> install or reload the driver, and give a container its GPUs
                  (docker run --gpus all)
    "
  `)
  expect(await about('gpu', fakeSystem({}, { run: fakeRun({ 'nvidia-smi': 9 }) }))).toMatchInlineSnapshot(`
    "missing  gpu  NVIDIA GPUs (nvidia-smi failed with code 9)
                  -> install or reload the driver, and give a container its GPUs
                  (docker run --gpus all)
    "
  `)
})

test('what cannot be read, and what that costs; a slow clock; a battery', async () => {
  expect(await about('telemetry', fakeSystem({}))).toMatchInlineSnapshot(`
    "warn     telemetry  cannot be read: memory by share (PSS), CPU time of other
                        processes, processor temperature, throttling counters, CPU
                        frequency, RAPL energy counters
                        -> memory is given as RSS, which counts shared pages in
                        full; trials that others disturbed are not noticed;
                        throttled trials are not noticed; reports have no
                        temperature; reports have no energy per token
    "
  `)
  const clock = '/sys/devices/system/clocksource/clocksource0/current_clocksource'
  expect(await about('clock', fakeSystem({ [clock]: 'hpet\n' }))).toMatchInlineSnapshot(`
    "warn     clock  hpet
                    -> a slow clock: every time stamp costs microseconds; boot with
                    tsc=reliable if the processor has a steady one
    "
  `)
  const supply = '/sys/class/power_supply/BAT0'
  const laptop = fakeSystem({ [`${supply}/type`]: 'Battery\n', [`${supply}/status`]: 'Discharging\n' })
  expect(await about('power', laptop)).toMatchInlineSnapshot(`
    "warn     power  on battery
                    -> plug it in: most laptops compute slower on battery
    "
  `)
})

test('other load now: how many threads would still be undisturbed', async () => {
  let seconds = 100
  const read = (path: string) =>
    path === '/proc/stat' ? `cpu0 ${(seconds * 100).toFixed(0)} 0 0 0 0 0 0 0\n` : undefined
  const said = async (cores: number, available: number) => {
    const plainSystem = fakeSystem({}, { availableCores: available })
    const system = { ...plainSystem, files: { ...plainSystem.files, read } }
    let ms = 0
    const passing = async (waited: number) => {
      ms += waited
      seconds += (cores * waited) / 1000
    }
    const findings = await machineFindings({ system, env: {}, wait: passing, nowMs: () => ms })
    return findingsText(findings.filter(({ topic }) => topic === 'load now'))
  }
  expect(await said(0.02, 8)).toMatchInlineSnapshot(`
    "ok       load now  others take 0.02 of 8 cores
    "
  `)
  expect(await said(2.5, 8)).toMatchInlineSnapshot(`
    "warn     load now  others take 2.50 of 8 cores
                       -> trials with more than 5 threads would be invalid: end what
                       else computes
    "
  `)
  expect(await said(1.6, 2)).toMatchInlineSnapshot(`
    "warn     load now  others take 1.60 of 2 cores
                       -> every trial would be invalid: end what else computes
    "
  `)
  expect(await about('load now', fakeSystem({}))).toMatchInlineSnapshot(`
    "warn     load now  unknown
                       -> look yourself that nothing else computes while trials run
    "
  `)
})

test('no line is wider than 80 columns', async () => {
  const findings = await machineFindings({ system: pi('0x50005'), env: { COLAB_GPU: '1' }, wait })
  expect(
    Math.max(
      ...findingsText(findings)
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(80)
})
