import type { Checked, Problem } from '../parse/problem.ts'
import { quote } from '../parse/quote.ts'
import { streamJsonLines, type StreamedValue } from '../parse/stream-json-lines.ts'
import type { PromptFile } from './read-prompts.ts'

/** How many arrivals a load may have. */
const mostArrivals = 1_000_000
const maxLineBytes = 16 * 1_048_576
/** Seconds from 1970 have room, in milliseconds and nanoseconds not. */
const latest = 1e11

/**
 * Reads when requests arrived: on each line a time in seconds, or a JSON object with one in its field `timestamp`. The times may
 * count from anywhere and stand in any order; what comes of it are milliseconds from the first, sorted, with a grain of a
 * microsecond.
 */
export async function readTrace(named: PromptFile): Promise<Checked<readonly number[]>> {
  const { file } = named
  const times: number[] = []
  const wrong: Problem[] = []
  const take = ({ value, place }: StreamedValue) => {
    const time = timeOf(value)
    if (typeof time === 'number') times.push(time)
    else wrong.push({ place, message: time })
    return times.length + wrong.length > mostArrivals ? 'enough' : 'more'
  }
  const problems = [...(await streamJsonLines({ ...named, maxLineBytes, take })), ...wrong]
  if (times.length > mostArrivals)
    problems.push({ place: { file }, message: `has more than ${mostArrivals} arrivals: cut it` })
  if (times.length === 0 && problems.length === 0) problems.push({ place: { file }, message: 'has no times in it' })
  if (problems.length > 0) return { status: 'failed', problems }
  const sorted = times.toSorted((a, b) => a - b)
  const first = sorted[0] as number
  return { status: 'ok', value: sorted.map((seconds) => Math.round((seconds - first) * 1e6) / 1000) }
}

/** What a line says, or what is wrong with it. */
function timeOf(value: unknown): number | string {
  const time = typeof value === 'object' && value !== null ? (value as { timestamp?: unknown }).timestamp : value
  if (typeof time !== 'number')
    return `must be a time in seconds, or an object with one in its field timestamp; got ${quote(value)}`
  return Math.abs(time) <= latest ? time : `must be a time in seconds; ${time} is too large for one`
}
