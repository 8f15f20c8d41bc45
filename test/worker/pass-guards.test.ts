import { expect, test } from 'vitest'
import type { Guards } from '../../lib/domain/guard.ts'
import { type GuardView, passGuards } from '../../lib/worker/pass-guards.ts'

const none: Guards = {
  temperature: { above: 75, action: 'ignore' },
  foreignGpuTenant: { action: 'ignore' },
  battery: { action: 'ignore' },
}
const hot = { temperatureCelsius: 81.4, gpuTenants: [] }

/** What comes of guards on a machine that looks so at each look, the last for ever. */
async function pass(guards: Partial<Guards>, views: readonly GuardView[], stop = new AbortController()) {
  const said: string[] = []
  let [ms, look] = [0, 0]
  const passed = await passGuards(
    { ...none, ...guards },
    {
      observe: async () => views[Math.min(look++, views.length - 1)] as GuardView,
      wait: async (forMs) => {
        ms += forMs
        if (ms > 3_600_000) stop.abort()
      },
      monotonicMs: () => ms,
      onWaiting: (detail) => said.push(detail),
      stop: stop.signal,
    },
  )
  return { passed, said, ms }
}

test('a hot processor is waited for, told once a minute, and the wait is kept', async () => {
  const views = [...Array.from({ length: 15 }, (): GuardView => hot), { temperatureCelsius: 70, gpuTenants: [] }]
  const { passed, said } = await pass({ temperature: { above: 75, action: 'wait' } }, views)
  expect(said).toEqual(['81 °C, needs 75', '81 °C, needs 75'])
  expect(passed).toEqual({
    status: 'passed',
    findings: [{ guard: 'temperature', detail: '81 °C, needs 75', waitedMs: 75_000 }],
  })
})

test('what does not pass within half an hour is refused', async () => {
  const { passed, ms } = await pass({ temperature: { above: 75, action: 'wait' } }, [hot])
  expect([passed, ms]).toEqual([{ status: 'refused', detail: '81 °C, needs 75, for 30 minutes' }, 1_800_000])
})

test('refused at once, with all that speaks against it; a warning is kept', async () => {
  const view = { ...hot, onBattery: true, gpuTenants: ['python3 (process 7, 512 MiB)'] }
  const refuse: Partial<Guards> = { battery: { action: 'refuse' }, foreignGpuTenant: { action: 'refuse' } }
  expect((await pass(refuse, [view])).passed).toEqual({
    status: 'refused',
    detail: 'the GPU is used by python3 (process 7, 512 MiB); the machine runs on its battery, needs mains',
  })
  expect((await pass({ battery: { action: 'warn' } }, [view])).passed).toEqual({
    status: 'passed',
    findings: [{ guard: 'battery', detail: 'the machine runs on its battery, needs mains' }],
  })
})

test('what is ignored, and what cannot be read, is nothing', async () => {
  expect((await pass({}, [{ ...hot, onBattery: true }])).passed).toEqual({ status: 'passed', findings: [] })
  const wanted: Partial<Guards> = { temperature: { above: 75, action: 'refuse' }, battery: { action: 'refuse' } }
  expect((await pass(wanted, [{ gpuTenants: [] }])).passed).toEqual({ status: 'passed', findings: [] })
})

test('a launch that is stopped waits no longer', async () => {
  const stop = new AbortController()
  stop.abort()
  expect((await pass({ temperature: { above: 75, action: 'wait' } }, [hot], stop)).passed).toEqual({
    status: 'stopped',
  })
})
