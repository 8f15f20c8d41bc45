import { expect, test } from 'vitest'
import type { BlockValue } from '../../lib/domain/verdict.ts'
import { abFixture, type Said, usual } from './ab-fixture.ts'
import { viewOf } from './view.ts'

const [decode, , perplexity] = usual as [Said, Said, Said]
/** Ten blocks, of which so many were begun by B. */
const blocks = (firsts: number) =>
  Array.from({ length: 10 }, (_, block): BlockValue => ({
    block,
    change: 1.9 + block / 100,
    base: 100,
    against: 190 + block,
    first: block < firsts ? 'against' : 'base',
  }))
const saysOf = (said: readonly Said[]) => viewOf(abFixture({ said })).warnings.map(({ says }) => says)

test('a verdict from one session, and one on a target whose noise floor nobody knows, say so', () => {
  expect(saysOf([decode])).toContain('From one session: decode.')
  expect(saysOf([{ ...decode, standing: 'replicated' }]).join(' ')).not.toContain('From one session')
  expect(saysOf([{ ...decode, standing: 'contradicted' }])).toContain('An earlier session says otherwise: decode.')
  expect(saysOf([decode]).join(' ')).not.toContain('noise floor is not known')
  const { floor: _, ...unknown } = decode
  expect(saysOf([unknown])).toContain('The noise floor is not known: decode.')
  expect(saysOf([perplexity]).join(' ')).not.toContain('noise floor is not known')
})

test('what hangs on its outliers, what nobody declared, and quality that is another each time', () => {
  expect(saysOf([{ ...decode, fragile: true }])).toContain('Fragile: decode.')
  expect(saysOf([{ ...decode, disputed: true }])).toContain('Disputed: decode.')
  expect(saysOf([decode, { ...decode, metric: 'ttft_ms', declared: false }])).toContain('Exploratory: TTFT.')
  const repeats = { blocks: 2, launches: 2, differ: { base: 0, against: 0.002 } }
  expect(saysOf([{ ...perplexity, repeats }])).toContain(
    'Not the same from launch to launch: perplexity (q4_0: by up to 0.20\u202f%).',
  )
  expect(saysOf([perplexity]).join(' ')).not.toContain('launch to launch')
})

test('blocks that one arm began clearly more often', () => {
  expect(saysOf([{ ...decode, blocks: blocks(7) }])).toContain(
    'The order is not balanced: q4_0 ran first in 7 of 10 blocks.',
  )
  expect(saysOf([{ ...decode, blocks: blocks(6) }]).join(' ')).not.toContain('not balanced')
})
