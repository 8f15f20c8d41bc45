import { expect, test } from 'vitest'
import type { PlanData, TrialRow } from '../../lib/domain/plan-data.ts'
import { comparisonOf } from '../../lib/report/comparison.ts'
import { contrastsOf } from '../../lib/report/contrast.ts'
import { type Evidence, evidenceOf } from '../../lib/report/evidence.ts'
import { observedOf } from '../../lib/report/observed-requests.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { fixture } from './fixture.ts'

const words = wordsOf((await loadTemplates()).strings)
const contention = [{ reason: 'contention', detail: 'others' }] as const

/** Decode speeds by block, f16 against q4_0; those in `invalid` are of invalid trials. */
function evidence(speeds: Record<string, readonly number[]>, invalid: readonly [string, number][] = []): Evidence {
  const all = fixture({ blocks: 4, models: ['random-50m'], threads: [1], workloads: ['decode'] })
  const quantizations = new Map(all.plan.cells.map(({ id, config }) => [id, config.quantization]))
  const trials = all.trials.flatMap((trial): TrialRow[] => {
    const quantization = quantizations.get(trial.cellId) ?? ''
    const value = speeds[quantization]?.[trial.block]
    if (value === undefined) return []
    const isInvalid = invalid.some(([of, block]) => of === quantization && block === trial.block)
    return [{ ...trial, metrics: { decode_tps: { value } }, invalid: isInvalid ? contention : [] }]
  })
  const data: PlanData = { ...all, trials }
  return evidenceOf(data, observedOf(data), { comparison: comparisonOf(data.plan, words), words })
}

const contrast = (of: Evidence) => contrastsOf(of, 'decode_tps', of.comparison.cells)[0]
const valueOf = (of: Evidence, quantization: string) =>
  of.valueOf(of.comparison.cells.find(({ cell }) => cell.config.quantization === quantization) as never, 'decode_tps')

test('an invalid trial is a point, and no part of the value while there are valid ones', () => {
  const found = valueOf(evidence({ f16: [10, 10, 10, 80] }, [['f16', 3]]), 'f16')
  expect(found).toMatchObject({ n: 3, valid: true })
  expect(found?.value).toBeCloseTo(10, 9)
  expect(found?.points.map(({ valid }) => valid)).toEqual([true, true, true, false])
})

test('where all trials are invalid they are the value, and it says so', () => {
  const found = valueOf(
    evidence({ f16: [10, 10] }, [
      ['f16', 0],
      ['f16', 1],
    ]),
    'f16',
  )
  expect(found).toMatchObject({ n: 2, valid: false })
  expect(found?.value).toBeCloseTo(10, 9)
})

test.for([['f16'], ['q4_0']])('a ratio rests on the blocks in which both are valid: one of %s is not', ([which]) => {
  const speeds = { f16: [10, 20, 10, 5], q4_0: [20, 40, 20, 500] }
  const found = contrast(evidence(speeds, [[which as string, 3]]))
  expect(found?.ratio).toBeCloseTo(2, 9)
  expect(found).toMatchObject({ n: 3, valid: true })
})

test('where one was measured less often the ratio rests on as many launches as it has', () => {
  expect(contrast(evidence({ f16: [10, 10, 10, 10], q4_0: [20, 20] }))?.n).toBe(2)
  expect(contrast(evidence({ f16: [10, 10], q4_0: [20, 20, 20, 20] }))?.n).toBe(2)
})
