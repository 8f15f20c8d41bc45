import type { Printed } from '../domain/imported-log.ts'
import { isNumber, numberPattern } from './log-lines.ts'
import { LogRefusal } from './log-refusal.ts'
import { severalRuns } from './log-chunks.ts'

const shares = { Mean: 'mean', Maximum: 'max', Median: 'median', Minimum: 'min' } as const

const of = (what: string, share: string): string =>
  `${what}_${Object.hasOwn(shares, share) ? shares[share as keyof typeof shares] : `p${Number.parseFloat(share)}`}`

type Rule = { pattern: RegExp; name: (share: string) => string }

const rule = (pattern: RegExp, name: string): Rule => ({ pattern, name: () => name })

// `Δ` may have been garbled on its way: what stands before the p is not looked at.
const rules: readonly Rule[] = [
  rule(/^Mean PPL\(Q\)\s*:/, 'perplexity'),
  rule(/^Mean PPL\(base\)\s*:/, 'perplexity_base'),
  rule(/^Cor\(ln\(PPL\(Q\)\), ln\(PPL\(base\)\)\)\s*:/, 'correlation_percent'),
  rule(/^Mean ln\(PPL\(Q\)\/PPL\(base\)\)\s*:/, 'ln_ppl_ratio'),
  rule(/^Mean PPL\(Q\)\/PPL\(base\)\s*:/, 'ppl_ratio'),
  rule(/^Mean PPL\(Q\)-PPL\(base\)\s*:/, 'ppl_difference'),
  { pattern: /^(Mean|Maximum|Median|Minimum|[ \d.]{3,5}%)\s+KLD\s*:/, name: (share) => of('kld', share) },
  rule(/^RMS \S{1,6}p\s*:/, 'p_change_rms_percent'),
  {
    pattern: /^(Mean|Maximum|Median|Minimum|[ \d.]{3,5}%)\s+[^\sK]\S{0,5}p\s*:/,
    name: (share) => of('p_change_percent', share),
  },
  rule(/^Same top p\s*:/, 'top_token_percent'),
]

/** Of the llama.cpp of today, and of ik_llama.cpp, which names chunks and context between. */
const final = new RegExp(
  String.raw`Final estimate: PPL(?: over \d+ chunks for n_ctx=\d+)? = (${numberPattern})(?: \+/- (${numberPattern}))?`,
  'i',
)

/** The results at the end of a log by names of ours; an error that is no number is left out, as rounding makes some. */
export function logStatistics(lines: readonly string[]): Record<string, Printed> {
  const found = lines.flatMap((line): [string, Printed][] => finalOf(line) ?? ruledOf(line) ?? [])
  const twice = found.find(([name], at) => found.findIndex(([other]) => other === name) < at)
  if (twice !== undefined) throw severalRuns(`${twice[0]} stands in it twice`)
  const broken = found.find(([, { value }]) => !isNumber(value))
  if (broken !== undefined)
    throw new LogRefusal(
      `its final ${broken[0]} is ${broken[1].value}: the run itself went wrong, and there is nothing to compare`,
    )
  return Object.fromEntries(found)
}

// Where only standard error was kept it stands behind another line that waited for the rest of itself.
function finalOf(line: string): [string, Printed][] | undefined {
  const [, value, error] = final.exec(line) ?? []
  return value === undefined ? undefined : [['perplexity', printedOf(value, error)]]
}

const values = new RegExp(String.raw`^\s*(${numberPattern})\s*%?(?:\s+\S{1,6}\s+(${numberPattern})(?:\s*%)?)?\s*$`, 'i')

function ruledOf(line: string): [string, Printed][] | undefined {
  const text = line.trimStart().slice(0, longestLine)
  for (const { pattern, name } of rules) {
    const [head, share = ''] = pattern.exec(text) ?? []
    if (head === undefined) continue
    const [, value, error] = values.exec(text.slice(head.length)) ?? []
    return value === undefined ? undefined : [[name(share), printedOf(value, error)]]
  }
  return undefined
}

const longestLine = 400

const printedOf = (value: string, error: string | undefined): Printed => ({
  value,
  ...(error !== undefined && isNumber(error) && { error }),
})
