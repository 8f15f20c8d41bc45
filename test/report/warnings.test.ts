import { describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { eventfulFixture } from './eventful-fixture.ts'
import { fixture, withTrials } from './fixture.ts'
import { viewOf } from './view.ts'
import { embedded } from '../embedded.ts'

const says = (data: PlanData) => viewOf(data).warnings.map((warning) => warning.says)

describe('what may mislead', () => {
  test('comes worst first', () => {
    expect(says(eventfulFixture())).toMatchInlineSnapshot(`
      [
        "1 of 18 trials failed: crashed (1).",
        "Something else used the machine. Invalid: 1 of 18 trials.",
        "One block: every arm was launched once.",
        "Random weights: random-50m.",
        "Measured inside a virtual machine or container (kvm).",
        "Not readable here: RAPL energy counters.",
      ]
    `)
  })

  test('is empty where nothing speaks against the data', () => {
    const data = fixture({ models: ['demo'], threads: [1], blocks: 10 })
    const manifests = Object.fromEntries(
      Object.entries(data.manifests).map(([digest, { manifest, setup }]) => {
        const { virtualization: _, ...host } = { ...manifest.host, unavailable: [] }
        return [digest, { manifest: { ...manifest, host }, setup }]
      }),
    )
    expect(says({ ...data, manifests })).toEqual([])
  })

  test('names the fields in which launches of one arm differ', () => {
    const data = fixture({ models: ['demo'], threads: [1], blocks: 2 })
    const first = data.launches[0]?.manifestDigest ?? ''
    const old = data.manifests[first]
    if (old === undefined) throw new Error('the fixture has manifests')
    const other = { ...old, manifest: { ...old.manifest, host: { ...old.manifest.host, os: 'Linux 6.2.0' } } }
    const launches = data.launches.map((launch, index) =>
      index === 0 ? { ...launch, manifestDigest: 'other' } : launch,
    )
    expect(says({ ...data, launches, manifests: { ...data.manifests, other } })).toContain(
      'Launches of one arm ran on different setups: host.os.',
    )
  })

  test('says before all else that a test has slowed launches down', () => {
    const data = eventfulFixture()
    const [digest, found] = Object.entries(data.manifests)[0] ?? []
    if (digest === undefined || found === undefined) throw new Error('the fixture has manifests')
    const { manifest, setup } = found
    const held = { manifest: { ...manifest, conditions: { ...manifest.conditions, handicap: 0.05 } }, setup }
    expect(says({ ...data, manifests: { ...data.manifests, [digest]: held } })[0]).toBe(
      'Slowed down on purpose: 1 of 14 launches, by 5.0\u202f% per token.',
    )
  })

  test('hints at the machine where a thread for every core is slower than fewer', () => {
    const data = fixture({ models: ['demo'], workloads: ['decode'], blocks: 10 })
    const hint = 'Slower with a thread for every core than with fewer: demo · f16 · 2 threads · decode.'
    expect(says(data)).not.toContain(hint)
    const slow = withTrials(
      data,
      ({ id }, { config }) => id > 0 && config.quantization === 'f16' && embedded(config).threads === 2,
      {
        metrics: { decode_tps: { value: 20 } },
      },
    )
    expect(says(slow)).toContain(hint)
  })

  test('knows perplexity of random weights for what it is', () => {
    const data = fixture({ models: ['demo'], threads: [1] })
    const cells = data.plan.cells.map((cell) => ({
      ...cell,
      config: { ...cell.config, artifact: { kind: 'random' as const, parameters: 5e7, type: 'f16' as const } },
    }))
    const random = { ...data, plan: { ...data.plan, cells } }
    expect(says(random)[0]).toBe('The perplexity of demo is that of random weights.')
    expect(viewOf(random).figures.filter((figure) => figure.chart === 'tradeoff')).toEqual([])
  })

  test('says when perplexity was measured at other threads than speed', () => {
    const data = fixture({ models: ['demo'] })
    const cells = data.plan.cells.filter(
      (cell) => cell.config.workload.kind === (embedded(cell.config).threads === 1 ? 'perplexity' : 'completion'),
    )
    const apart = { ...data, plan: { ...data.plan, cells } }
    expect(
      says(apart).some((text) => text.startsWith('Speed and perplexity were measured at different settings')),
    ).toBe(true)
    expect(viewOf(apart).figures.some((figure) => figure.chart === 'tradeoff')).toBe(true)
  })

  test('counts what has not finished', () => {
    const data = withTrials(fixture(), (trial) => trial.id > 10, { status: 'pending', metrics: {} })
    expect(says(data)[0]).toBe('Not finished: 8 of 18 trials.')
  })

  test('says when natural answers differ in length', () => {
    const data = fixture({ models: ['demo'], threads: [1], workloads: ['decode'] })
    const cells = data.plan.cells.map((cell) => ({
      ...cell,
      config: { ...cell.config, workload: { ...cell.config.workload, output: 'natural' } },
    })) as PlanData['plan']['cells']
    const requests = data.requests.map((request) =>
      request.trialId === 1 ? { ...request, outputTokens: 64 } : request,
    )
    expect(says({ ...data, plan: { ...data.plan, cells }, requests })[1]).toMatchInlineSnapshot(
      `"The answers’ lengths differ by 100 % between demo · f16 · decode, demo · q8_0 · decode, demo · q4_0 · decode, demo · q4_k_m · decode."`,
    )
  })
})

/** A sentinel before every block and after the last, whose speed changes by a share from one to the next. */
const watched = (share: number): PlanData => {
  const data = fixture({ models: ['demo'], threads: [1], blocks: 6 })
  const cell = data.trials.find(({ metrics }) => metrics.decode_tps !== undefined)
  const [launch] = data.launches
  if (cell === undefined || launch === undefined) throw new Error('the fixture has trials')
  const role = 'sentinel' as const
  const launches = [0, 1, 2, 3, 4, 5, 5].map((block, i) => ({
    ...launch,
    id: 900 + i,
    ordinal: 900 + i,
    block,
    role,
  }))
  const beside = launches.map(({ id, block }, i) => ({
    ...cell,
    id,
    launchId: id,
    block,
    role,
    metrics: { decode_tps: { value: 40 * (1 + share) ** i } },
  }))
  return { ...data, launches: [...data.launches, ...launches], beside }
}

describe('a sentinel that changes through the session', () => {
  test('is told with its cell, its change and its interval', () => {
    const [warning] = viewOf(watched(-0.01)).warnings.filter(({ says: text }) => text.includes('sentinel'))
    expect(warning?.says).toMatchInlineSnapshot(
      `"The machine drifted: decode of the sentinel (demo · f16 · decode) changed by −5.85 % through the session (−5.85 to −5.85 %, 95 %, 7 launches)."`,
    )
  })

  test('is nothing where it is within the margin', () => {
    expect(says(watched(-0.001)).filter((text) => text.includes('sentinel'))).toEqual([])
  })
})
