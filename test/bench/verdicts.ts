import type { MetricComparison, VerdictRow } from '../../lib/domain/verdict.ts'
import { standardDeviation } from '../../lib/stats/mean.ts'
import { blocksNeeded, powerDetect } from '../../lib/stats/power.ts'
import { handicapVariable } from '../../lib/worker/handicap.ts'
import { Lab } from '../system/lab.ts'
import { latestVerdicts, onMetric } from '../system/verdicts-of.ts'
import type { Figure } from './bound.ts'

/** How many A/A comparisons; half as many times a slowdown is looked for. */
const comparisons = Number(process.env['BENCH_VERDICTS'] ?? 20)
const searches = Math.ceil(comparisons / 2)
const enough = Math.ceil((8 * searches) / 10)
const blocks = 10
const slowdown = 0.05
const power = 0.95
/** Fewer have no verdict. */
const leastBlocks = 6
const mostBlocks = 200

const experiment = `
name: same
title: One engine under two names
axes: { model: [random-50m], quantization: [q4_0], backend: [a, b], workload: [decode] }
backends: { a: { kind: llama.cpp, threads: 1 }, b: { kind: llama.cpp, threads: 1 } }
overrides: [{ set: { workload.sampling.maxTokens: 48 } }]
load: { requests: 6 }
compare:
  treatment: [backend]
  pairs: [{ base: { backend: a }, against: { backend: b } }]
  metrics: { decode_tps: 2% }
`

/**
 * Verdicts on a real machine with its noise: one engine under two names compared with itself, in plans of their own, then with the
 * second held back, in plans of the size that the planner names from the first.
 */
export async function verdicts(): Promise<Figure[]> {
  using lab = new Lab({ 'same.yaml': experiment })
  const same: MetricComparison[] = []
  for (let n = 0; n < comparisons; n += 1) same.push(await compared(lab, blocks))
  const deviation = pooledDeviation(same)
  const size = sizeFor(deviation)
  tell(`one launch scatters by ${(100 * deviation) / Math.SQRT2} %: ${slowdown} is found in ${size} blocks`)
  lab.env[handicapVariable] = `b=${slowdown}`
  const held = await search(() => compared(lab, size))
  return [
    {
      what: `A/A comparisons, ${blocks} blocks each, that say anything but equivalent or inconclusive, of ${comparisons}`,
      value: same.filter(({ verdict }) => !saysNothing.includes(verdict.row)).length,
      unit: '',
      limit: { atMost: Math.floor((3 * comparisons) / 20) },
    },
    {
      what: `slowdowns of ${100 * slowdown} % per token that ${size} blocks find, of ${held.length}${held.length < searches ? ` (of ${searches}, which can end no other way)` : ''}`,
      value: held.filter(isFound).length,
      unit: '',
      limit: { atLeast: enough },
    },
  ]
}

const saysNothing: readonly VerdictRow[] = ['equivalent', 'unresolved', 'inconclusive']
const saysDifferent: readonly VerdictRow[] = ['beyond-margin', 'different', 'within-margin-but-different']

const isFound = ({ verdict, estimate }: MetricComparison) =>
  saysDifferent.includes(verdict.row) && estimate !== undefined && estimate.change < 1

/** Looks for the slowdown until enough searches have found it, or too many have not: the rest would change nothing. */
async function search(look: () => Promise<MetricComparison>): Promise<MetricComparison[]> {
  const held: MetricComparison[] = []
  const found = () => held.filter(isFound).length
  while (found() < enough && held.length - found() <= searches - enough) held.push(await look())
  return held
}

async function compared(lab: Lab, size: number): Promise<MetricComparison> {
  const { code, stderr } = await lab.run('run', 'experiments/same.yaml', '--blocks', String(size))
  if (code !== 0 && code !== 3) throw new Error(stderr) // 3: something else used the machine, which is for the verdict to say
  const [comparison] = latestVerdicts(lab).comparisons
  if (comparison === undefined) throw new Error('the plan compares nothing')
  const found = onMetric(comparison, 'decode_tps')
  tell(toldOf(found))
  return found
}

/** Of the logarithms of block values, over all comparisons. */
function pooledDeviation(all: readonly MetricComparison[]): number {
  const deviations = all
    .map(({ blocks: of }) => of.map(({ change }) => Math.log(change)))
    .filter((values) => values.length > 1)
    .map(standardDeviation)
  if (deviations.length === 0) throw new Error('no comparison has two blocks that count: is something else running?')
  return Math.sqrt(deviations.reduce((sum, each) => sum + each ** 2, 0) / deviations.length)
}

/** As the planner has it: the fewest blocks that find the slowdown with the power asked for, and have a verdict. */
function sizeFor(deviation: number): number {
  const effect = Math.log1p(slowdown)
  const powerOf = (n: number) => powerDetect({ effect, deviation, blocks: n, confidence: 0.95 })
  const needed = blocksNeeded(powerOf, { power, most: mostBlocks })
  if (needed === undefined) throw new Error(`${mostBlocks} blocks do not find it at a deviation of ${deviation}`)
  return Math.max(leastBlocks, needed)
}

function toldOf({ verdict, estimate, losses }: MetricComparison): string {
  const { change, interval } = estimate ?? {}
  const numbers =
    change && interval ? `: ${percent(change)} % (${percent(interval.low)} to ${percent(interval.high)})` : ''
  return `${verdict.row}${numbers}${losses.length > 0 ? `, ${losses.length} blocks lost` : ''}`
}

const percent = (ratio: number) => (100 * (ratio - 1)).toFixed(2)
const tell = (line: string) => process.stderr.write(`${line}\n`)
