import { percent } from '../domain/percent.ts'
import { plain } from '../domain/plain.ts'
import type { KneeSearch, Probe } from '../domain/plan.ts'

/** `  40/s: 97 % good of 400 requests, TTFT 23 ms, TPOT 8.1 ms`. */
export function probeLine({ ratePerSecond, goodput, requests, ttftMs, tpotMs, invalid, waited }: Probe): string {
  const doubt = invalid === undefined ? '' : ` (invalid: ${plain(invalid)})`
  const wait = waited === undefined ? '' : ` (too few clients: ${percent(waited)} waited for one)`
  return `  ${ratePerSecond}/s: ${percent(goodput)} good of ${requests} requests${inMs('TTFT', ttftMs)}${inMs('TPOT', tpotMs)}${doubt}${wait}`
}

const inMs = (name: string, value: number | undefined) =>
  value === undefined ? '' : `, ${name} ${Number(value.toPrecision(3))} ms`

/** `43/s`, and what speaks for more. */
export function kneeText({ ratePerSecond, atLeast }: Pick<KneeSearch, 'ratePerSecond' | 'atLeast'>): string {
  if (atLeast === undefined) return `${ratePerSecond}/s`
  return `${ratePerSecond}/s or more: ${whyMore[atLeast]}`
}

const whyMore: Readonly<Record<NonNullable<KneeSearch['atLeast']>, string>> = {
  client: 'this client could not send faster',
  'too-few-clients': 'above it arrivals waited for one of the clients: raise load.clients to see what the server bears',
  range: 'no higher rate may be asked for',
}
