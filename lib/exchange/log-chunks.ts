import type { ChunkSeries } from '../domain/imported-log.ts'
import { plain } from '../domain/plain.ts'
import { isNumber, numberPattern } from './log-lines.ts'
import { LogRefusal } from './log-refusal.ts'

type Cumulative = Partial<Record<ChunkSeries, string[]>>

const listed = new RegExp(String.raw`\[(\d{1,9})\](${numberPattern})(?:\([^)]{0,40}\))?,`, 'gi')

/** `[1]4.12,[2]4.5,...` on one line or several. */
export function listedChunks(lines: readonly string[]): Cumulative {
  const found = lines.filter((line) => /^\[\d/.test(line)).flatMap((line) => [...line.matchAll(listed)])
  if (found.length === 0) return {}
  requireOrder(found.map(([, chunk]) => Number(chunk)))
  return { perplexity: found.map(([, chunk, value]) => known(value as string, `the value of chunk ${chunk}`)) }
}

// Each value of a row but the chunk's number has an error behind it.
const columns: readonly (ChunkSeries | undefined)[] = [
  'perplexity',
  'ln_ppl_ratio',
  'kld',
  undefined,
  'top_token_percent',
]

/** The table of `--kl-divergence`; the sign between a value and its error is not looked at: a terminal may have garbled it. */
export function tabledChunks(lines: readonly string[]): Cumulative {
  const head = lines.findIndex((line) => /^chunk\s+PPL\s/.test(line))
  if (head < 0) return {}
  const rows = lines.slice(head + 1).flatMap((line) => rowOf(line) ?? [])
  if (rows.length === 0) return {}
  requireOrder(rows.map(({ chunk }) => chunk))
  const places = columns.flatMap((series, at) => (series === undefined ? [] : [{ series, at }]))
  return Object.fromEntries(
    places.map(({ series, at }) => [
      series,
      rows.map(({ chunk, values }) => known(values[2 * at] as string, `${series} of chunk ${chunk}`)),
    ]),
  )
}

function rowOf(line: string): { chunk: number; values: string[] } | undefined {
  const [, chunk, rest] = /^\s{0,20}(\d{1,9})\s+(\S.{10,400})$/.exec(line) ?? []
  if (chunk === undefined || rest === undefined) return undefined
  const values = rest.split(/[\s%]+/).filter((part) => isPrinted.test(part))
  if (values.length === 2 * columns.length) return { chunk: Number(chunk), values }
  throw new LogRefusal(
    `its table of chunks has ${values.length} numbers in the row of chunk ${chunk}, and ${2 * columns.length} are read (PPL, ln(PPL(Q)/PPL(base)), KL divergence, Δp RMS and same top p, each with its error): run it with a llama.cpp from May 2024 or later`,
  )
}

const isPrinted = new RegExp(`^${numberPattern}$`, 'i')

/** Chunks are numbered from 1, one after the other: another 1 is another run. */
function requireOrder(numbers: readonly number[]): void {
  const at = numbers.findIndex((chunk, place) => chunk !== place + 1)
  if (at < 0) return
  if (numbers[at] === 1) throw severalRuns('its chunks begin again at 1')
  throw new LogRefusal(
    `chunk ${numbers[at]} stands where chunk ${at + 1} should: lines are missing or twice in it; import the log as the program wrote it`,
  )
}

/** What cannot be told apart is not taken. */
export const severalRuns = (why: string): LogRefusal =>
  new LogRefusal(`holds more than one run (${why}): cut it into a file for each`)

function known(printed: string, what: string): string {
  if (isNumber(printed)) return printed
  throw new LogRefusal(
    `${what} is ${plain(printed)}: the run itself went wrong (an engine or a model that is broken), and there is nothing to compare`,
  )
}
