import { expect, test } from 'vitest'
import type { MemorySample } from '../../lib/domain/record.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { completion } from './requests.ts'

const second = 1e6
/** Two answers of three tokens, from 1 s to 5 s. */
const requests = [
  completion({ sentUs: second, scheduledUs: second, doneUs: 2 * second }),
  completion({ sentUs: 3 * second, scheduledUs: 3 * second, doneUs: 2 * second }),
]
const derive = (memory: readonly MemorySample[], of = requests) => deriveTrial({ requests: of, memory })
const every = (us: number, from: number, to: number, sample: (atUs: number) => Omit<MemorySample, 'atUs'>) =>
  Array.from({ length: Math.round((to - from) / us) + 1 }, (_, i) => ({
    atUs: from + i * us,
    ...sample(from + i * us),
  }))

test('what is claimed, observed and reserved are three metrics, and 0 can be claimed', () => {
  const memory = [{ atUs: 0, vramBytes: 500, gpuUsedBytes: 900 }]
  const trial = deriveTrial({ requests, memory, engineMemory: { claimedBytes: 0, reservedBytes: 800 } })
  expect(trial).toMatchObject({
    vram_peak_bytes: { value: 500 },
    vram_claimed_bytes: { value: 0 },
    vram_reserved_bytes: { value: 800 },
    gpu_used_peak_bytes: { value: 900 },
  })
  expect(derive(memory)).not.toHaveProperty('vram_claimed_bytes')
})

test('anonymous pages and those of files peak apart', () => {
  const trial = derive([
    { atUs: 0, anonBytes: 10, fileBytes: 90, pssAnonBytes: 9, pssFileBytes: 45 },
    { atUs: 1, anonBytes: 30, fileBytes: 80 },
  ])
  expect(trial).toMatchObject({
    anon_peak_bytes: { value: 30 },
    file_peak_bytes: { value: 90 },
    pss_anon_peak_bytes: { value: 9 },
    pss_file_peak_bytes: { value: 45 },
  })
})

test('cores are CPU time from the first measured request to the last end, between the samples around them', () => {
  // One core until 1 s, then two and a half.
  const cpu = (atUs: number) => ({ cpuSeconds: atUs <= second ? atUs / second : 1 + (2.5 * (atUs - second)) / second })
  expect(derive(every(0.4 * second, 0.2 * second, 5.4 * second, cpu)).cpu_cores?.value).toBeCloseTo(2.5, 9)
})

test('CPU time that was sampled for a part of the requests, or for too short a time, makes no cores', () => {
  const cpu = (atUs: number) => ({ cpuSeconds: atUs / second })
  expect(derive(every(second, 2 * second, 6 * second, cpu))).not.toHaveProperty('cpu_cores')
  expect(derive(every(0.1 * second, second, 2 * second, cpu), [completion()])).not.toHaveProperty('cpu_cores')
})

test('energy is the power between samples, and per token that of all tokens meanwhile', () => {
  // 100 W at first, 300 W at last: 200 W on average, whatever was before and after.
  const power = (atUs: number) => ({ gpuPowerW: 100 + (50 * (atUs - second)) / second, gpuUtilization: 80 })
  const trial = derive(every(0.5 * second, second, 5 * second, power))
  expect(trial.power_w?.value).toBeCloseTo(200, 9)
  expect(trial.energy_j).toEqual({ value: expect.closeTo(800, 6), n: 9 })
  expect(trial.j_per_token?.value).toBeCloseTo(800 / 6, 6)
  expect(trial.gpu_utilization?.value).toBeCloseTo(80, 9)
})

test('power before and after the requests is none of theirs', () => {
  const power = (atUs: number) => ({ gpuPowerW: atUs < second || atUs > 5 * second ? 0 : 100 })
  expect(derive(every(0.25 * second, 0, 8 * second, power)).energy_j?.value).toBeCloseTo(400, 6)
})

test('over a gap of more than 2 s there is no energy, and over few samples neither', () => {
  const all = every(0.5 * second, second, 5 * second, () => ({ gpuPowerW: 100 }))
  expect(derive(all)).toHaveProperty('energy_j')
  expect(derive(all.filter(({ atUs }) => atUs <= 1.5 * second || atUs > 4 * second))).not.toHaveProperty('power_w')
  expect(derive(all.filter(({ atUs }) => atUs > 3.2 * second))).not.toHaveProperty('power_w')
  const few = derive([1.5, 3, 4.5].map((s) => ({ atUs: s * second, gpuPowerW: 100 })))
  expect(few.power_w?.value).toBeCloseTo(100, 9)
  expect(few).not.toHaveProperty('energy_j')
})
