import type { PerplexityLog, Printed } from '../domain/imported-log.ts'
import { halfDigit } from './log-lines.ts'
import { LogRefusal } from './log-refusal.ts'

const both = 'keep both its outputs in one file: llama-perplexity ... > run.log 2>&1'

/** Throws a `LogRefusal` where a log is not whole, or where its final values are not those of its chunks. */
export function checkLog(log: PerplexityLog): void {
  requireWhole(log)
  const { statistics, cumulative } = log
  for (const [series, name] of atTheEnd) {
    const [last, final] = [cumulative[series]?.at(-1), statistics[name]]
    if (last !== undefined && final !== undefined)
      requireEqual({ what: name, final, otherwise: Number(last), exact: halfDigit(last), from: 'the last chunk' })
  }
  if (log.kind === 'kl-divergence') requireRatios(statistics)
  requireRange(log)
}

const atTheEnd = [
  ['perplexity', 'perplexity'],
  ['ln_ppl_ratio', 'ln_ppl_ratio'],
  ['kld', 'kld_mean'],
  ['top_token_percent', 'top_token_percent'],
] as const

function requireWhole({ kind, chunks, cumulative, statistics }: PerplexityLog): void {
  const found = cumulative.perplexity?.length ?? 0
  if (found > 0 && found < chunks)
    throw new LogRefusal(`was broken off: it has ${found} of ${chunks} chunks; let llama-perplexity run to its end`)
  if (found > chunks) throw new LogRefusal(`says that it has ${chunks} chunks, and has ${found}: it is of several runs`)
  const needed =
    kind === 'perplexity' ? ['perplexity'] : ['perplexity', 'ln_ppl_ratio', 'kld_mean', 'top_token_percent']
  const missing = needed.filter((name) => statistics[name] === undefined)
  if (missing.length === 0) return
  throw new LogRefusal(
    kind === 'perplexity'
      ? `has no final estimate ("Final estimate: PPL = ..."): it was broken off, or standard error, where that is printed, is not in it; ${both}`
      : `lacks the final statistics of --kl-divergence (${missing.join(', ')}): it was broken off, or standard output, where they are printed, is not in it; ${both}`,
  )
}

type Claim = { what: string; final: Printed; otherwise: number; exact: number; from: string }

function requireEqual({ what, final: { value }, otherwise, exact, from }: Claim): void {
  // Doubles of the size of the numbers themselves are no digits that were printed.
  const most = (halfDigit(value) + exact) * (1 + 1e-6) + 1e-12 * Math.abs(otherwise)
  if (Math.abs(Number(value) - otherwise) <= most) return
  throw new LogRefusal(
    `contradicts itself: its final ${what} is ${value}, and by ${from} it is ${Number(otherwise.toPrecision(7))}, which no rounding of printed digits explains; the log was changed, or is of several runs`,
  )
}

/** The same results are printed in several forms: ln Q - ln base, Q / base and Q - base. */
function requireRatios(statistics: PerplexityLog['statistics']): void {
  const { perplexity: q, perplexity_base: base, ln_ppl_ratio: ln, ppl_ratio: ratio, ppl_difference: less } = statistics
  if (q === undefined || base === undefined) return
  const [a, b] = [Number(q.value), Number(base.value)]
  if (!(a > 0 && b > 0)) return
  const relative = halfDigit(q.value) / a + halfDigit(base.value) / b
  const from = 'PPL(Q) and PPL(base)'
  if (ln) requireEqual({ what: 'ln_ppl_ratio', final: ln, otherwise: Math.log(a / b), exact: relative, from })
  if (ratio) requireEqual({ what: 'ppl_ratio', final: ratio, otherwise: a / b, exact: (relative * a) / b, from })
  if (less)
    requireEqual({
      what: 'ppl_difference',
      final: less,
      otherwise: a - b,
      exact: halfDigit(q.value) + halfDigit(base.value),
      from,
    })
}

const mostChunks = 1e7

function requireRange({ chunks, context, cumulative, statistics }: PerplexityLog): void {
  const perplexities = [...(cumulative.perplexity ?? []), statistics['perplexity']?.value ?? '1'].map(Number)
  // Printed to four decimals, and a perplexity is never below 1.
  const wrong = perplexities.find((value) => value < 0.9999)
  if (wrong !== undefined) throw new LogRefusal(`has a perplexity of ${wrong}, and none is below 1`)
  const shares = [...(cumulative.top_token_percent ?? []), statistics['top_token_percent']?.value ?? '0'].map(Number)
  if (shares.some((share) => share < 0 || share > 100))
    throw new LogRefusal('has a share of same top tokens that is not from 0 to 100 %')
  if (chunks > mostChunks || (context !== undefined && context < 4))
    throw new LogRefusal(`says that it has ${chunks} chunks of ${context ?? '?'} tokens, which nobody runs`)
}
