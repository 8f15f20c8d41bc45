import { percent } from '../domain/percent.ts'
import { plain } from '../domain/plain.ts'
import type { KneeSearch, Probe } from '../domain/plan.ts'

/** `  40/s: 97 % good of 400 requests, TTFT 23 ms, TPOT 8.1 ms`. */
export function probeLine({ ratePerSecond, goodput, requests, ttftMs, tpotMs, invalid }: Probe): string {
  const doubt = invalid === undefined ? '' : ` (invalid: ${plain(invalid)})`
  return `  ${ratePerSecond}/s: ${percent(goodput)} good of ${requests} requests${inMs('TTFT', ttftMs)}${inMs('TPOT', tpotMs)}${doubt}`
}

const inMs = (name: string, value: number | undefined) =>
  value === undefined ? '' : `, ${name} ${Number(value.toPrecision(3))} ms`

/** `43/s`, and what speaks for more. */
export function kneeText({ ratePerSecond, atLeast }: Pick<KneeSearch, 'ratePerSecond' | 'atLeast'>): string {
  if (atLeast === undefined) return `${ratePerSecond}/s`
  const why = atLeast === 'client' ? 'this client could not send faster' : 'no higher rate may be asked for'
  return `${ratePerSecond}/s or more: ${why}`
}
