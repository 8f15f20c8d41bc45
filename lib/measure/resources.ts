import type { Metric, MetricValue } from '../domain/metric.ts'
import type { MemorySample } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { endUs, type LoadWindow } from './load-window.ts'
import { type Course, integralOver, valueAt } from './sampled-course.ts'
import { tokensInside } from './throughput.ts'

type Values = { [M in Metric]?: MetricValue | undefined }

/** Ticks of 10 ms, and samples some tenths of a second apart, say nothing of less. */
const shortestUs = 1e6
/** Of power, inside the stretch: with fewer, its integral would be a guess. */
const fewestSamples = 4

/** What the engine's processes and GPUs did from the first measured request until the last had ended. */
export function resources(measured: readonly RequestTimeline[], samples: readonly MemorySample[]): Values {
  const stretch = stretchOf(measured)
  if (stretch === undefined) return {}
  const seconds = (stretch.stopUs - stretch.startUs) / 1e6
  const power = courseOf(samples, 'gpuPowerW')
  const energy = integralOver(power, stretch)
  const busy = integralOver(courseOf(samples, 'gpuUtilization'), stretch)
  const n = power.filter(({ atUs }) => atUs >= stretch.startUs && atUs <= stretch.stopUs).length
  const isIntegral = energy !== undefined && n >= fewestSamples
  const tokens = isIntegral ? tokensOf(measured, stretch) : undefined
  return {
    cpu_cores: cpuCores(courseOf(samples, 'cpuSeconds'), stretch),
    gpu_utilization: busy === undefined ? undefined : { value: busy / seconds },
    power_w: energy === undefined ? undefined : { value: energy / seconds },
    energy_j: isIntegral ? { value: energy, n } : undefined,
    j_per_token: isIntegral && tokens !== undefined ? { value: energy / tokens, n } : undefined,
  }
}

function stretchOf(measured: readonly RequestTimeline[]): LoadWindow | undefined {
  const startUs = measured.reduce((first, { sentUs }) => Math.min(first, sentUs), Number.POSITIVE_INFINITY)
  const stopUs = measured.reduce((last, request) => Math.max(last, endUs(request)), 0)
  return stopUs - startUs >= shortestUs ? { startUs, stopUs } : undefined
}

function courseOf(samples: readonly MemorySample[], field: 'gpuPowerW' | 'gpuUtilization' | 'cpuSeconds'): Course {
  return samples.flatMap(({ atUs, [field]: value }) => (value === undefined ? [] : [{ atUs, value }]))
}

/** `undefined` where the stretch reaches beyond what was sampled. */
function cpuCores(course: Course, { startUs, stopUs }: LoadWindow): MetricValue | undefined {
  const isAround = (course[0]?.atUs ?? Infinity) <= startUs && (course.at(-1)?.atUs ?? 0) >= stopUs
  if (!isAround) return undefined
  return { value: ((valueAt(course, stopUs) - valueAt(course, startUs)) * 1e6) / (stopUs - startUs) }
}

/** Energy of prefills, or of windows that yield no output, is none of an output token. */
function tokensOf(measured: readonly RequestTimeline[], { startUs, stopUs }: LoadWindow): number | undefined {
  if (measured.some(({ part }) => part !== 'completion')) return undefined
  return tokensInside(measured, { startUs: startUs - 1, stopUs })
}
