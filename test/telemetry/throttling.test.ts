import { expect, test } from 'vitest'
import { throttledBetween, throttleState } from '../../lib/telemetry/throttling.ts'
import { fakeFiles, fakeRun } from './fake-system.ts'

const counter = (cpu: number, part: string) =>
  `/sys/devices/system/cpu/cpu${cpu}/thermal_throttle/${part}_throttle_count`

test('heat events are counted over cores and packages', async () => {
  const files = fakeFiles({
    [counter(0, 'core')]: '1\n',
    [counter(0, 'package')]: '2\n',
    [counter(1, 'core')]: '4\n',
    '/sys/devices/system/cpu/cpufreq/x': '8\n',
  })
  expect(await throttleState({ files, run: fakeRun() })).toEqual({ heatEvents: 7 })
})

const board = (model: string) => fakeFiles({ '/proc/device-tree/model': `${model}\0` })

test('a Raspberry Pi is asked for its flags, another board is not', async () => {
  const run = fakeRun({ vcgencmd: 'throttled=0x50005\n' })
  expect(await throttleState({ files: board('Raspberry Pi 5 Model B Rev 1.0'), run })).toEqual({ piFlags: 0x50005 })
  expect(await throttleState({ files: board('Raspberry Pi 5'), run: fakeRun() })).toEqual({})
  expect(await throttleState({ files: board('Orange Pi 5'), run })).toEqual({})
})

test('a machine that slowed down between two moments says how', () => {
  expect(throttledBetween({ heatEvents: 3 }, { heatEvents: 5 })).toBe(
    'the processor slowed itself down for heat 2 times',
  )
  expect(throttledBetween({ piFlags: 0 }, { piFlags: 0x40004 })).toBe('the board reports throttling')
  expect(throttledBetween({ piFlags: 0x10000 }, { piFlags: 0x30000 })).toBe('the board reports a capped frequency')
  expect(throttledBetween({ piFlags: 0x10001 }, { piFlags: 0x10000 })).toBe('the board reports under-voltage')
})

test('what happened before does not count, and a machine that says nothing is not blamed', () => {
  expect(throttledBetween({ heatEvents: 5, piFlags: 0xf0000 }, { heatEvents: 5, piFlags: 0xf0000 })).toBeUndefined()
  expect(throttledBetween({}, {})).toBeUndefined()
})
