import { expect, test } from 'vitest'
import { conditions } from '../../lib/telemetry/conditions.ts'
import { fakeRun, fakeSystem } from './fake-system.ts'

test('free memory and load are always there, the rest where the machine says', async () => {
  expect(await conditions(fakeSystem({}))).toEqual({ freeMemoryBytes: 9e9, loadAverage: 0.5 })
  expect(await conditions(fakeSystem({}, { platform: 'win32' }))).toEqual({ freeMemoryBytes: 9e9 })
})

const temperature = async (texts: Record<string, string>) => (await conditions(fakeSystem(texts))).temperatureCelsius

test("the temperature is that of the hottest of the processor's own sensors", async () => {
  const zones = {
    '/sys/class/thermal/thermal_zone0/type': 'acpitz\n',
    '/sys/class/thermal/thermal_zone0/temp': '90000\n',
    '/sys/class/thermal/thermal_zone1/type': 'cpu-thermal\n',
    '/sys/class/thermal/thermal_zone1/temp': '48312\n',
  }
  const monitors = {
    '/sys/class/hwmon/hwmon0/name': 'nvme\n',
    '/sys/class/hwmon/hwmon0/temp1_input': '99000\n',
    '/sys/class/hwmon/hwmon1/name': 'coretemp\n',
    '/sys/class/hwmon/hwmon1/temp1_input': '50000\n',
    '/sys/class/hwmon/hwmon1/temp2_input': '51500\n',
    '/sys/class/hwmon/hwmon1/temp2_crit': '100000\n',
  }
  expect(await temperature(zones)).toBe(48.312)
  expect(await temperature({ ...zones, ...monitors })).toBe(51.5)
  expect(await temperature({ ...zones, '/sys/class/thermal/thermal_zone1/temp': '' })).toBeUndefined()
})

const supply = (name: string, texts: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [`/sys/class/power_supply/${name}/${key}`, `${text}\n`]),
  )

const onBattery = async (files: Record<string, string>) => (await conditions(fakeSystem(files))).onBattery

test('a laptop says whether it runs on its battery; a mouse does not count', async () => {
  const mains = supply('AC', { type: 'Mains', online: '0' })
  expect(await onBattery({ ...mains, ...supply('BAT0', { type: 'Battery', status: 'Discharging' }) })).toBe(true)
  expect(await onBattery({ ...mains, ...supply('BAT0', { type: 'Battery', status: 'Full' }) })).toBe(false)
  const mouse = supply('hid', { type: 'Battery', scope: 'Device', status: 'Discharging' })
  expect(await onBattery({ ...mains, ...mouse })).toBeUndefined()
})

const on = async (pmset: string) =>
  (await conditions(fakeSystem({}, { platform: 'darwin', run: fakeRun({ pmset }) }))).onBattery

test('a Mac says whether it runs on its battery', async () => {
  expect(await on("Now drawing from 'Battery Power'\n -InternalBattery-0\t71%; discharging\n")).toBe(true)
  expect(await on("Now drawing from 'AC Power'\n")).toBe(false)
  expect(await on('')).toBeUndefined()
})
