import type { RequestTimeline } from '../domain/timeline.ts'
import { mean } from '../stats/mean.ts'
import { linearQuantile } from '../stats/quantile.ts'
import { type Answer, answerOf } from './answer.ts'
import { isCutOff } from './cut-off.ts'
import { type OtherTool, otherTools, type ToolMetric } from './other-tools.ts'

/** What a tool would have said: the mean, and, of what has many values, percentiles as numpy and pandas interpolate them, of however few. */
export type Alternative = { value: number; n: number; median?: number; p90?: number; p99?: number }

/**
 * A trial's recording under another tool's definitions: only measured completions that succeeded count, as there. A metric that
 * is not defined here, for want of tokens, is left out.
 */
export function alternatives(tool: OtherTool, requests: readonly RequestTimeline[]): Record<string, Alternative> {
  const awaited = requests.filter(({ phase, part }) => phase === 'measured' && part === 'completion').filter(isAwaited)
  const answers = awaited.map(answerOf).filter((answer) => answer !== undefined)
  const seconds = spanSeconds(awaited)
  const found = Object.entries<ToolMetric>(otherTools[tool]).map(
    ([name, metric]) => [name, valueOf(metric, answers, seconds)] as const,
  )
  return Object.fromEntries(found.filter((entry): entry is readonly [string, Alternative] => entry[1] !== undefined))
}

const isAwaited = (request: RequestTimeline) => !isCutOff(request)

/** From the first send to the last end, of requests that failed as well. */
function spanSeconds(awaited: readonly RequestTimeline[]): number {
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  for (const { sentUs, doneUs } of awaited) {
    first = Math.min(first, sentUs)
    last = Math.max(last, sentUs + doneUs)
  }
  return (last - first) / 1e6
}

function valueOf(metric: ToolMetric, answers: readonly Answer[], seconds: number): Alternative | undefined {
  switch (metric.of) {
    case 'trial': {
      const value = metric.value(answers, seconds)
      return value === undefined ? undefined : { value, n: answers.length }
    }
    case 'request':
      return over(answers.map((answer) => metric.value(answer)).filter((value) => value !== undefined))
    case 'gap':
      return over(answers.flatMap((answer) => metric.values(answer)))
  }
}

function over(values: readonly number[]): Alternative | undefined {
  if (values.length === 0) return undefined
  const ascending = Float64Array.from(values).toSorted()
  const [median, p90, p99] = [0.5, 0.9, 0.99].map((q) => linearQuantile(ascending, q)) as [number, number, number]
  return { value: mean(values), n: values.length, median, p90, p99 }
}
