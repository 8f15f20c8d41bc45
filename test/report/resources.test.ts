import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

const mebibyte = 2 ** 20
const pages = { anon_peak_bytes: { value: 100 * mebibyte }, file_peak_bytes: { value: 400 * mebibyte } }
const cards = { vram_peak_bytes: { value: 900 * mebibyte }, vram_claimed_bytes: { value: 0 } }
const small = { models: ['demo'], workloads: ['decode'], threads: [1] } as const

function measured(): PlanData {
  const data = fixture(small)
  const [first] = data.plan.cells
  const trials = data.trials.map((trial) => {
    const { pss_peak_bytes: _, ...metrics } = trial.metrics
    return { ...trial, metrics: { ...metrics, ...pages, ...(trial.cellId === first?.id && cards) } }
  })
  return { ...data, trials }
}

test('every source has a column of its own, and what is not known of a cell is missing', () => {
  const { heads, rows } = viewOf(measured()).resources
  const at = (metric: string) => heads.findIndex((head) => head.metric === metric)
  const columns = ['anon_peak_bytes', 'file_peak_bytes', 'vram_peak_bytes', 'vram_claimed_bytes'].map(at)
  expect(columns.map((column) => heads[column]?.unit)).toEqual(['MiB', 'MiB', 'MiB', 'MiB'])
  expect(columns.map((column) => rows[0]?.values[column])).toEqual(['100', '400', '900', '0'])
  expect(columns.map((column) => rows[1]?.values[column])).toEqual(['100', '400', '–', '–'])
  expect(at('power_w'), 'what no cell has').toBe(-1)
  expect(rows[1]?.href).toBe('#cell-2')
})

test('where no resource was measured there is no table', () => {
  const data = fixture(small)
  const trials = data.trials.map((trial) => ({ ...trial, metrics: {} }))
  expect(viewOf({ ...data, trials }).resources.rows).toEqual([])
})
