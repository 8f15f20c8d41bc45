import { expect, test } from 'vitest'
import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { HostFacts } from '../../lib/domain/manifest.ts'
import { engineClass, floorFor, hostClass, type NoiseFloor } from '../../lib/domain/noise-floor.ts'

const host: HostFacts = {
  os: 'Linux 6.1.0',
  cpu: 'AMD EPYC',
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  accelerators: [{ name: 'A100', driver: '550', memoryBytes: 8e10 }],
  unavailable: [],
}
const alike: Partial<HostFacts>[] = [
  { os: 'Linux 6.9.0' },
  { memoryBytes: 8 * 2 ** 30 - 1e6 },
  { accelerators: [{ name: 'A100', driver: '570' }] },
  { unavailable: ['RAPL energy counters'] },
]
const other: Partial<HostFacts>[] = [
  { cpu: 'Intel Xeon' },
  { cores: 4 },
  { memoryBytes: 16 * 2 ** 30 },
  { accelerators: [] },
  { virtualization: 'kvm' },
]

test('machines are alike by processor, cores, memory, GPUs and virtualization, whatever their system and driver', () => {
  for (const change of alike) expect(hostClass({ ...host, ...change })).toBe(hostClass(host))
  for (const change of other) expect(hostClass({ ...host, ...change })).not.toBe(hostClass(host))
})

test('an engine is its kind, and one that was attached to has its address', () => {
  expect(engineClass({ name: 'x', kind: 'llama.cpp' } as BackendConfig)).toBe('llama.cpp')
  expect(engineClass({ name: 'x', kind: 'openai', url: 'http://a:1' } as BackendConfig)).toBe('openai at http://a:1')
})

const place = { host: 'h', device: 'local-cpu', engine: 'llama.cpp' }
const wanted = { ...place, metric: 'decode_tps', blocks: 10 } as const
const floor = (change: Partial<NoiseFloor> = {}): NoiseFloor => ({
  ...wanted,
  floor: 0.01,
  planId: 'a',
  measuredAtMs: 1,
  ...change,
})

test('a floor holds in its place, for its metric, and for as many blocks or more', () => {
  expect(floorFor([floor()], wanted)).toEqual(floor())
  expect(floorFor([floor({ blocks: 6 })], wanted)?.blocks).toBe(6)
  for (const change of [
    { blocks: 11 },
    { host: 'i' },
    { device: 'local-cuda' },
    { engine: 'vllm' },
    { metric: 'ttft_ms' },
  ] as const)
    expect(floorFor([floor(change)], wanted)).toBeUndefined()
})

test('of several the one of the most blocks is taken, then the latest, whatever order they come in', () => {
  const floors = [
    floor({ blocks: 6, measuredAtMs: 9 }),
    floor({ measuredAtMs: 2, planId: 'b' }),
    floor({ measuredAtMs: 2, planId: 'c' }),
    floor({ measuredAtMs: 1 }),
  ]
  expect(floorFor(floors, wanted)?.planId).toBe('b')
  expect(floorFor(floors.toReversed(), wanted)?.planId).toBe('b')
})
