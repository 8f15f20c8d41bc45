import { beforeAll, expect, test } from 'vitest'
import type { ArmComparison, JointOutcome, MetricComparison } from '../../lib/domain/verdict.ts'
import { jointSentence } from '../../lib/report/joint-words.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { type Words, wordsOf } from '../../lib/report/words.ts'
import { armsOf, metricOf, ratioOf } from './compared-fixture.ts'

const names = { base: 'fp16', against: 'awq' }
let words: Words
let korean: Words
beforeAll(async () => {
  words = wordsOf((await loadTemplates()).strings)
  korean = wordsOf((await loadTemplates(undefined, 'ko')).strings)
})
const spaced = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll('\u2212', '-')

const faster = metricOf('decode_tps', { estimate: ratioOf(1.34, 1.3, 1.38), standing: 'single-session' })
const asFast = metricOf('decode_tps', { estimate: ratioOf(1.002, 0.99, 1.014), verdict: { row: 'equivalent' } })
const notWorse = metricOf('perplexity', {
  margin: 0.01,
  verdict: { row: 'inconclusive' },
  estimate: ratioOf(1.004, 0.998, 1.0105, { of: 'chunks' }),
  worse: 'no',
})
const worse = metricOf('perplexity', { margin: 0.01, estimate: ratioOf(1.031, 1.024, 1.038), worse: 'yes' })
const open = metricOf('perplexity', {
  margin: 0.01,
  estimate: ratioOf(1.008, 0.998, 1.018),
  verdict: { row: 'inconclusive' },
  worse: 'open',
})
const leaner = metricOf('pss_peak_bytes', { estimate: ratioOf(0.88, 0.87, 0.89) })
const asLean = metricOf('pss_peak_bytes', { estimate: ratioOf(1, 0.99, 1.01), verdict: { row: 'equivalent' } })
const cheaper = metricOf('usd_per_mtok', { estimate: ratioOf(0.75, 0.72, 0.78) })

function said(outcome: JointOutcome, metrics: readonly MetricComparison[], change: Partial<ArmComparison> = {}) {
  const beside = metrics.map(({ metric }) => metric).filter((metric) => /bytes|usd/.test(metric))
  const quality = metrics.some(({ metric }) => metric === 'perplexity') ? { quality: 'perplexity' as const } : {}
  const arms = armsOf(metrics, { outcome, speed: 'decode_tps', ...quality, beside }, change)
  expect(spaced(jointSentence(arms, names, korean))).toMatch(/\p{Script=Hangul}.*\.$/u)
  return spaced(jointSentence(arms, names, words))
}

test('faster, with quality that allows it and what it takes', () => {
  expect(said('faster', [faster, notWorse, leaner, cheaper])).toBe(
    'awq is faster than fp16 by 34.0 % (95 % CI 30.0 to 38.0), beyond the 2 % margin; its perplexity is not worse by more than 1 %; it uses 12.0 % less memory (peak PSS); it costs 25.0 % less; single-session.',
  )
})

test('slower, and without quality nothing is said of it', () => {
  const slower = { ...faster, estimate: ratioOf(0.9, 0.88, 0.92) }
  expect(said('quality-unknown', [slower, asLean])).toBe(
    'awq is slower than fp16 by 10.0 % (95 % CI 8.0 to 12.0), beyond the 2 % margin; its quality was not measured; its peak PSS is the same within 2 %; single-session.',
  )
})

test('as fast', () => {
  expect(said('equivalent', [asFast, notWorse])).toBe(
    'awq is as fast as fp16 within 2 % (90 % CI -0.7 to +1.1); its perplexity is not worse by more than 1 %.',
  )
})

test('worse quality takes the word from speed, and stands first', () => {
  const text = said('quality-worse', [faster, { ...worse, standing: 'single-session' }, leaner])
  expect(text).toBe(
    'awq is worse in perplexity by 3.1 % (95 % CI 2.4 to 3.8), beyond the 1 % margin, so that its speed does not count; it uses 12.0 % less memory (peak PSS); single-session.',
  )
  expect(text).not.toContain('faster')
})

test('quality that is open leaves it open whether speed counts', () => {
  expect(said('quality-open', [faster, open])).toMatch(
    /^Open: whether perplexity of awq is worse by more than 1 % \(-0\.2 to \+1\.8 %\), and so whether its speed counts/,
  )
  const lost: MetricComparison = { ...open, verdict: { row: 'too-few-blocks', blocks: 0 } }
  delete lost.estimate
  expect(said('quality-open', [faster, lost])).toMatch(/^No verdict: 0 blocks; without a verdict on quality/)
})

test('of quality that is open beside speed that is not known, that comes first', () => {
  const lost = metricOf('decode_tps', {
    verdict: {
      row: 'invalid',
      blocks: 10,
      losses: [0, 1, 2, 3].map((block) => ({ block, arm: 'base', why: { status: 'invalid', reason: 'throttled' } })),
    },
  })
  expect(said('quality-open', [lost, open])).toBe(
    'Invalid: throttled in 4 of 10 blocks; whether perplexity of awq is worse by more than 1 % is open (-0.2 to +1.8 %).',
  )
})

const at = (confidence: number, { low, high }: { low: number; high: number }) => ({ low, high, confidence })

test('an interval that is one of several is called simultaneous', () => {
  const { interval } = ratioOf(1.34, 1.3, 1.38)
  const several = { ...faster, estimate: ratioOf(1.34, 1.3, 1.38, { interval: at(1 - 0.05 / 3, interval) }) }
  expect(said('faster', [several])).toContain('by 34.0 % (simultaneous 95 % CI 30.0 to 38.0), beyond')
  const { equivalence } = ratioOf(1.002, 0.99, 1.014)
  const equal = {
    ...asFast,
    estimate: ratioOf(1.002, 0.99, 1.014, { equivalence: at(1 - 0.1 / 3, equivalence) }),
  }
  expect(said('equivalent', [equal])).toContain('within 2 % (simultaneous 90 % CI -0.7 to +1.1)')
})

test('a bootstrap that says otherwise is told', () => {
  expect(said('faster', [{ ...faster, disputed: true }, notWorse])).toMatch(
    /; single-session; disputed: the bootstrap that checks it says otherwise\.$/,
  )
})

test('what speed cannot say is said in the words of its row', () => {
  const few = metricOf('decode_tps', { verdict: { row: 'too-few-blocks', blocks: 1 } })
  expect(said('none', [few])).toBe('No verdict: 1 block.')
  const short = metricOf('decode_tps', { verdict: { row: 'lengths-differ', change: 0.82 } })
  expect(said('lengths-differ', [short, notWorse])).toBe(
    'Withheld: awq’s answers are 18 % shorter; its perplexity is not worse by more than 1 %.',
  )
  const unsure = {
    ...faster,
    verdict: { row: 'inconclusive' as const, moreBlocks: 18 },
    estimate: ratioOf(1.03, 0.99, 1.062),
  }
  expect(said('open', [unsure])).toMatch(/^Inconclusive: -1\.0 to \+6\.2 %; about 18 more blocks would decide/)
  expect(said('none', [])).toBe('No verdict: nothing was compared.')
})

test('servers, outliers that decide, and a comparison that nobody declared are told once', () => {
  const text = said('faster', [{ ...faster, fragile: true }, notWorse], { onServers: true, declared: false })
  expect(text).toMatch(/^On these servers: awq is faster than fp16 by 34\.0 %/)
  expect(text).toMatch(
    /; exploratory: not declared beforehand; single-session; fragile: without its outliers it would be another verdict\.$/,
  )
  expect(text.match(/exploratory/g)).toHaveLength(1)
})

test('an arm that a test has slowed down is said to be, before all else that is to be known', () => {
  expect(said('faster', [faster, notWorse], { heldBack: true })).toMatch(
    /; an arm was slowed down on purpose for a test; single-session\.$/,
  )
})

test('quality that is better is said to be', () => {
  const better = { ...worse, estimate: ratioOf(0.95, 0.94, 0.96), worse: 'no' as const }
  expect(said('faster', [faster, better])).toContain('; its perplexity is 5.0 % better')
})

const cell = (id: string) => (id === 'a' ? '1 client' : '4 clients')

test('several cells that say the same say it once; else each says what it is asked', () => {
  const cells = (['a', 'b'] as const).map((id) => ({ ...faster, base: id }))
  expect(said('faster', [...cells, notWorse]).match(/faster/g)).toHaveLength(1)
  const [one, other] = cells as [MetricComparison, MetricComparison]
  const arms = armsOf([one, { ...other, estimate: ratioOf(1.2, 1.17, 1.23) }], {
    outcome: 'faster',
    speed: 'decode_tps',
    beside: [],
  })
  expect(spaced(jointSentence(arms, { ...names, cell }, words))).toBe(
    'with 1 client: awq is faster than fp16 by 34.0 % (95 % CI 30.0 to 38.0), beyond the 2 % margin; with 4 clients: awq is faster than fp16 by 20.0 % (95 % CI 17.0 to 23.0), beyond the 2 % margin; single-session.',
  )
})

test('a rate stands though answers differ in length, and that they do is said first', () => {
  const e2e = metricOf('e2e_ms', { verdict: { row: 'lengths-differ', change: 0.82 } })
  expect(said('lengths-differ', [faster, e2e])).toMatch(
    /^Withheld: awq’s answers are 18 % shorter; awq is faster than fp16 by 34\.0 %/,
  )
  expect(said('lengths-differ', [faster])).toMatch(
    /^Withheld: the answers of the two differ in length by more than 10 %; /,
  )
})
