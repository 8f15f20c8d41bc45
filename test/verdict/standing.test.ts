import { expect, test } from 'vitest'
import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { CellConfig } from '../../lib/domain/cell.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, decoded, noise, only, twoArms } from './compared-fixture.ts'

const standing = (ratio: number, other: ReturnType<typeof comparePlan>) =>
  only(comparePlan(twoArms(ratio), { others: [other] })).standing

test('a second session that agrees makes a verdict replicated; one that does not, or the same plan again, does not', () => {
  expect(standing(1.1, comparePlan(twoArms(1.12, { planId: 'bbbbbbbbbbbb', seed: 8 })))).toBe('replicated')
  expect(standing(1.1, comparePlan(twoArms(1.1)))).toBe('single-session')
  expect(standing(1.1, comparePlan(twoArms(1.025, { planId: 'bbbbbbbbbbbb', jitter: 0.01 })))).toBe('single-session')
  const otherMargin = twoArms(1.12, { planId: 'bbbbbbbbbbbb', margins: [{ metric: 'decode_tps', margin: 0.01 }] })
  expect(standing(1.1, comparePlan(otherMargin))).toBe('single-session')
})

/** Two arms of one speed on a target that can tell as much. */
const withTwin = (planId: string) => {
  const draw = noise(4)
  const trial = () => decoded(100 * Math.exp(0.002 * draw()))
  const arms = ['f16', 'q4_0'].map((quantization) => ({ axes: { quantization }, trial, twin: trial }))
  return comparedOf({ planId, arms })
}

const other = (ratio: number, planId: string) => comparePlan(twoArms(ratio, { planId }))
const said = (others: readonly ReturnType<typeof comparePlan>[]) => only(comparePlan(twoArms(1.1), { others })).standing

test('a session that says what cannot be true beside it contradicts a verdict, whatever others say', () => {
  const [agreeing, opposite] = [other(1.12, 'bbbbbbbbbbbb'), other(0.9, 'cccccccccccc')]
  expect(said([opposite])).toBe('contradicted')
  expect(said([agreeing, opposite])).toBe('contradicted')
  expect(said([agreeing, other(1, 'cccccccccccc')])).toBe('replicated') // It claims nothing.
  const equal = comparePlan(withTwin('cccccccccccc'))
  expect(only(equal).verdict.row).toBe('equivalent')
  expect(said([agreeing, equal])).toBe('contradicted')
})

test('what claims nothing has no standing', () => {
  expect(standing(1, comparePlan(twoArms(1, { planId: 'bbbbbbbbbbbb' })))).toBeUndefined()
})

const served = (config: CellConfig): CellConfig => ({
  ...config,
  backend: {
    name: 's',
    kind: 'openai',
    url: 'http://127.0.0.1:8000',
    clientProcesses: 1,
    salt: true,
  } satisfies BackendConfig,
})

test('what was measured at running servers is said of these servers, and never replicated', () => {
  const draw = noise(2)
  const plan = (planId: string) =>
    comparedOf({
      planId,
      arms: [1, 1.3].map((factor) => ({
        axes: { 'backend.url': factor },
        config: served,
        trial: () => decoded(100 * factor * Math.exp(0.003 * draw())),
      })),
    })
  const others = [comparePlan(plan('bbbbbbbbbbbb'))]
  const verdicts = comparePlan(plan('aaaaaaaaaaaa'), { others })
  expect(verdicts.comparisons[0]?.onServers).toBe(true)
  expect(only(verdicts)).toMatchObject({ verdict: { row: 'beyond-margin' }, standing: 'single-session' })
})

const perhapsHeld = (planId: string, handicap?: number) =>
  comparedOf({
    planId,
    arms: [1, 0.8].map((factor) => ({
      axes: { backend: factor },
      manifest: (manifest, block) =>
        factor === 1 || block !== 0 || handicap === undefined
          ? manifest
          : { ...manifest, conditions: { ...manifest.conditions, handicap } },
      trial: (block) => decoded(100 * factor * (1 + 0.001 * block * factor)),
    })),
  })

test('what a test has slowed down on purpose is said to be, and neither replicates another verdict nor is replicated', () => {
  const [real, held] = [perhapsHeld('aaaaaaaaaaaa'), perhapsHeld('bbbbbbbbbbbb', 0.2)]
  const [ofReal, ofHeld] = [
    comparePlan(real, { others: [comparePlan(held)] }),
    comparePlan(held, { others: [comparePlan(real)] }),
  ]
  expect([ofReal, ofHeld].map(({ comparisons }) => comparisons[0]?.heldBack)).toEqual([undefined, true])
  expect([only(ofReal), only(ofHeld)].map((each) => [each.verdict.row, each.standing])).toEqual([
    ['beyond-margin', 'single-session'],
    ['beyond-margin', 'single-session'],
  ])
})
