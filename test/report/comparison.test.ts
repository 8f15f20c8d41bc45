import { beforeAll, describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { comparisonOf, type Comparison } from '../../lib/report/comparison.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf, type Words } from '../../lib/report/words.ts'
import { fixture } from './fixture.ts'

let words: Words
beforeAll(async () => {
  words = wordsOf((await loadTemplates()).strings)
})
const comparison = (data: PlanData): Comparison => comparisonOf(data.plan, words)

describe('comparisonOf', () => {
  test('compares quantizations, draws models apart and makes panels of the rest', () => {
    const { axis, values, arms, cells } = comparison(fixture())
    expect(axis).toBe('quantization')
    expect(values).toEqual(['f16', 'q8_0', 'q4_0', 'q4_k_m'])
    expect(arms).toHaveLength(14)
    expect(arms[0]?.name).toBe('demo · f16 · 1 thread')
    expect([...new Set(cells.map((cell) => `${cell.arm.group}: ${cell.panel}`))]).toEqual([
      'demo: 1 thread',
      'demo: 2 threads',
      'random-50m: 1 thread',
      'random-50m: 2 threads',
    ])
  })

  test('gives one value one colour and shape in the whole report', () => {
    const marks = Map.groupBy(comparison(fixture()).arms, (arm) => arm.value)
    for (const arms of marks.values()) expect(new Set(arms.map((arm) => JSON.stringify(arm.mark))).size).toBe(1)
    expect(new Set(comparison(fixture()).arms.map((arm) => arm.mark.colour)).size).toBe(4)
  })

  test('compares models where they are all that varies', () => {
    const data = fixture({ threads: [1] })
    const cells = data.plan.cells.filter((cell) => cell.config.quantization === 'f16')
    const { axis, arms } = comparison({ ...data, plan: { ...data.plan, cells } })
    expect(axis).toBe('model')
    expect(arms.map((arm) => [arm.group, arm.value])).toEqual([
      ['', 'demo'],
      ['', 'random-50m'],
    ])
  })

  test('with a treatment compares what it varies; an arm at two settings beside it has a name for each', () => {
    const data = fixture({ models: ['demo'], workloads: ['decode'] })
    const compare = { treatment: ['backend.threads'], pairs: [], margins: [] }
    const cells = data.plan.cells.map((cell) => {
      const { 'backend.threads': threads, workload: _, ...rest } = cell.axes
      return { ...cell, arm: JSON.stringify({ 'backend.threads': threads }), stratum: JSON.stringify(rest) }
    })
    const { axis, values, arms } = comparison({ ...data, plan: { ...data.plan, cells, compare } })
    expect([axis, values]).toEqual(['backend.threads', ['1 thread', '2 threads']])
    expect(arms.slice(0, 3).map(({ name }) => name)).toEqual([
      'demo · 1 thread · f16',
      'demo · 2 threads · f16',
      'demo · 1 thread · q8_0',
    ])
  })

  test('compares threads where they are all that varies', () => {
    const data = fixture({ models: ['demo'], threads: [1, 2, 4] })
    const cells = data.plan.cells.filter((cell) => cell.config.quantization === 'f16')
    expect(comparison({ ...data, plan: { ...data.plan, cells } }).values).toEqual([
      '1 thread',
      '2 threads',
      '4 threads',
    ])
  })

  test('compares engines where each brings its own quantization, and makes no panels of that', () => {
    const data = fixture({ models: ['demo'], threads: [1], workloads: ['decode'] })
    const [a, b, c] = data.plan.cells
    const zipped = [
      [a, 'llama.cpp', 'f16'],
      [b, 'llama-server', 'f16'],
      [c, 'vllm', 'bf16'],
    ] as const
    const cells = zipped.flatMap(([cell, backend, quantization]) =>
      cell === undefined ? [] : [{ ...cell, axes: { backend, quantization, model: 'demo' } }],
    )
    const found = comparison({ ...data, plan: { ...data.plan, cells } })
    expect([found.axis, found.values]).toEqual(['backend', ['llama.cpp', 'llama-server', 'vllm']])
    expect(found.cells.map(({ panel }) => panel)).toEqual(['', '', ''])
    expect(found.arms.map(({ name }) => name)).toEqual([
      'demo · llama.cpp · f16',
      'demo · llama-server · f16',
      'demo · vllm · bf16',
    ])
  })

  test('joins cells into a row only where nothing but the kind of workload differs', () => {
    const { cells } = comparison(fixture({ models: ['demo'], threads: [1] }))
    const rows = [...Map.groupBy(cells, (cell) => cell.row).values()]
    expect(rows.map((row) => row.map((cell) => cell.kind))).toEqual(
      Array.from({ length: 4 }, () => ['completion', 'perplexity']),
    )
  })

  test('makes panels of models when there are many', () => {
    const data = fixture({ models: ['demo'], threads: [1] })
    const cells = ['a', 'b', 'c', 'd'].flatMap((model) =>
      data.plan.cells.map((cell) => ({ ...cell, axes: { ...cell.axes, model }, arm: cell.arm.replace('demo', model) })),
    )
    const { cells: shown } = comparison({ ...data, plan: { ...data.plan, cells } })
    expect(new Set(shown.map((cell) => cell.arm.group))).toEqual(new Set(['']))
    expect([...new Set(shown.map((cell) => cell.panel))]).toEqual(['a', 'b', 'c', 'd'])
  })
})
