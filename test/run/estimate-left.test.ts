import { expect, test } from 'vitest'
import { estimateLeft } from '../../lib/run/estimate-left.ts'

const none = { trialMs: new Map<string, number>(), launchMs: new Map<string, number>() }
const workloads = new Map([
  ['fast', 'decode'],
  ['slow', 'quality'],
  ['new', 'quality'],
])
const own = { trialMs: new Map([['fast', 100], ['slow', 9000]]), launchMs: new Map([['a', 500]]) } // prettier-ignore

test('each cell counts by what it took so far, and each launch by what its arm took around its trials', () => {
  expect(
    estimateLeft({ cellIds: ['fast', 'slow', 'fast'], arms: ['a', 'b'] }, { own, earlier: none, workloads }),
  ).toEqual({
    ms: 100 + 9000 + 100 + 500 + 500,
    basis: 'by trials so far',
    runningMs: 0,
  })
})

test('a cell that was not measured yet counts by earlier plans, else by cells of its workload', () => {
  const earlier = { trialMs: new Map([['new', 7000]]), launchMs: new Map([['b', 50]]) }
  expect(estimateLeft({ cellIds: ['new'], arms: ['b'] }, { own, earlier, workloads })).toEqual({
    ms: 7050,
    basis: 'by earlier runs',
    runningMs: 0,
  })
  expect(estimateLeft({ cellIds: ['new'], arms: [], running: 'new' }, { own, earlier: none, workloads })).toEqual({
    ms: 9000,
    basis: 'by other cells',
    runningMs: 9000,
  })
})

test('a cell that was never measured counts by cells of its workload in earlier plans', () => {
  expect(estimateLeft({ cellIds: ['new'], arms: [] }, { own: none, earlier: own, workloads })).toMatchObject({
    ms: 9000,
    basis: 'by other cells',
  })
})

test('where nothing was ever measured nothing is said', () => {
  expect(estimateLeft({ cellIds: ['new'], arms: ['a'] }, { own: none, earlier: none, workloads })).toBeUndefined()
})
