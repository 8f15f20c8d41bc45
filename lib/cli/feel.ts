import { setTimeout as delay } from 'node:timers/promises'
import type { Recording } from '../emulator/read-recording.ts'
import { recordedText } from '../backend/recorded-text.ts'
import type { Emulation } from '../domain/emulation.ts'
import { plainLines } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { feelSchedule, type Shown } from './feel-text.ts'
import { type Io, printJson } from './io.ts'
import { LineBreaker } from './line-breaker.ts'

/** What is shown: an emulated answer, or a recorded one. */
export type Feel = {
  emulation: Emulation
  /** The settings that were named. */
  given: ReadonlySet<string>
  /** Tokens per second. */
  rate: number | undefined
  recording: Recording | undefined
  speed: number
}

const pieces = 100
const usualFirstMs = 400
/** Beyond that it does not matter how long a word is: it fits in no line. */
const longestWord = 100
// Brysbaert 2019, "How many words do we read per minute?": 238 of English prose; about 4 tokens are 3 words.
const wordsPerMinute = 238
const wordsPerToken = 0.75

/** Writes text at the pace of a server, so that one feels it. */
export async function feel(asked: Feel, io: Io, asJson: boolean): Promise<ExitCode> {
  const schedule = scheduleOf(asked)
  const said = asJson ? io.stderr : io.stdout
  const { soft } = io.catchInterrupts()
  said(`${paceOf(schedule)}\n\n`)
  const columns = asJson ? io.terminal?.columns : io.stdoutColumns
  const lines = new LineBreaker(() => columns?.() ?? Number.POSITIVE_INFINITY)
  const put = (text: string, rest: string) => said(lines.put(text, rest))
  const shown = await play(schedule, put, soft)
  said('\n\n')
  if (asJson) printJson(io, { feel: rounded(figuresOf(schedule.slice(0, shown))) })
  else if (shown > 1) said(`${summary(schedule.slice(0, shown))}\n`)
  return soft.aborted ? exitCodes.interrupted : exitCodes.ok
}

function scheduleOf({ emulation, given, rate, recording, speed }: Feel): Shown[] {
  if (recording !== undefined) return recorded(recording, speed)
  const firstTokenMs = given.has('firstTokenMs') ? emulation.firstTokenMs : usualFirstMs
  return feelSchedule({ ...emulation, firstTokenMs, ...(rate !== undefined && { tokenMs: 1000 / rate }) }, pieces)
}

function recorded(recording: Recording, speed: number): Shown[] {
  const said = recordedText(recording)
  if (said.length === 0) throw new UserError('the recorded stream has no text to show: name one of an answer')
  return said.map(({ text, atUs }) => ({ text: shownText(text), atMs: atUs / 1000 / speed }))
}

/** Made plain but for what joins emoji, which hides and reorders nothing. */
const shownText = (text: string) => text.split('\u200d').map(plainLines).join('\u200d')

/** Shows piece after piece, each when it is due; says how many, where that was cut short. */
async function play(
  schedule: readonly Shown[],
  put: (text: string, rest: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const startMs = performance.now()
  for (const [index, { text, atMs }] of schedule.entries()) {
    const leftMs = startMs + atMs - performance.now()
    if (leftMs > 0) await delay(leftMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return index
    put(text, restOfWord(schedule, index + 1))
  }
  return schedule.length
}

/** What follows without a space, as far as it matters to where lines break. */
function restOfWord(schedule: readonly Shown[], from: number): string {
  let rest = ''
  for (let at = from; at < schedule.length && rest.length <= longestWord; at += 1) {
    const [, more = ''] = /^(\S*)/.exec(schedule[at]?.text ?? '') ?? []
    rest += more
    if (more !== schedule[at]?.text) break
  }
  return rest
}

/** Figures of what was shown; the rate is that between first and last. */
function figuresOf(schedule: readonly Shown[]) {
  const [first, last] = [schedule[0]?.atMs ?? 0, schedule.at(-1)?.atMs ?? 0]
  const tokensPerSecond = last > first ? ((schedule.length - 1) / (last - first)) * 1000 : undefined
  return { tokens: schedule.length, firstMs: first, seconds: last / 1000, tokensPerSecond }
}

function paceOf(schedule: readonly Shown[]): string {
  const { firstMs, tokensPerSecond } = figuresOf(schedule)
  const rate = tokensPerSecond === undefined ? 'all at once' : `${short(tokensPerSecond)} tokens/s`
  return `${rate}, the first after ${short(firstMs / 1000)} s`
}

function summary(schedule: readonly Shown[]): string {
  const { tokens, seconds, tokensPerSecond } = figuresOf(schedule)
  const done = `${tokens} tokens in ${short(seconds)} s`
  if (tokensPerSecond === undefined) return done
  const words = Math.round(tokensPerSecond * wordsPerToken * 60)
  return `${done}: about ${words} words a minute, where people read about ${wordsPerMinute}`
}

/** To microseconds: more is not meant. */
const rounded = (figures: Readonly<Record<string, number | undefined>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value && Math.round(value * 1000) / 1000]))

const short = (value: number) => String(Number(value.toPrecision(2)))
