import { gpuSlowdowns } from '../domain/gpu-slowdowns.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import type { MemorySample } from '../domain/record.ts'
import type { ChartRow } from './chart.ts'
import type { Words } from './words.ts'

type Course = { trial: TrialRow; samples: readonly MemorySample[] }

/** The spans of time in which a card said that it slows itself down, each with the reason: from a sample to the next. */
export function slowdownMarks(words: Words, { trial, samples }: Course, base: ChartRow): ChartRow[] {
  const place = words('point.launch', { launch: trial.launchId, block: trial.block + 1 })
  const marks: { at: number; to: number; why: string }[] = []
  for (const [index, { atUs, gpuSlowdowns: bits }] of samples.entries()) {
    const why = slowdownText(words, bits ?? 0)
    const last = marks.at(-1)
    const to = samples[index + 1]?.atUs ?? atUs
    if (why === '') continue
    if (last?.why === why && last.to === atUs) last.to = to
    else marks.push({ at: atUs, to, why })
  }
  return marks.map(({ at, to, why }) => ({
    ...base,
    kind: 'slow',
    at: at / 1e6,
    to: Math.max(to, at + 1) / 1e6,
    tip: `${words('telemetry.slowed', { why })}\n${place}`,
  }))
}

/** Why a card was slowed down at any of these moments; empty where it was not. */
export function slowdownReasons(words: Words, samples: readonly MemorySample[]): string {
  const bits = samples.reduce((sum, sample) => sum | (sample.gpuSlowdowns ?? 0), 0)
  return slowdownText(words, bits)
}

function slowdownText(words: Words, bits: number): string {
  return gpuSlowdowns(bits)
    .map((name) => words(`telemetry.${name}`))
    .join(', ')
}
