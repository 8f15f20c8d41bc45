import { expect, test } from 'vitest'
import { checkedPost, publishPost } from '../../lib/lab/publish-post.ts'
import { CommandLine } from '../cli/command-line.ts'
import { temporaryStore } from '../store/example.ts'

const post = `title: { en: Speed, ko: 속도 }
source: { title: Speed }
tables:
  speed:
    file: speed.csv
    title: { en: Speed, ko: 속도 }
    columns:
      gpu: { title: { en: GPU, ko: GPU }, role: key }
      usd: { title: { en: Price, ko: 가격 }, unit: USD, role: fact }
      x: { title: { en: Ratio, ko: 비 }, role: derived, formula: "usd / at('speed', 'A', 'usd')" }
`

test('a post is computed again and kept, numbers as numbers', async () => {
  using lab = new CommandLine({
    'experiments/speed.yaml': 'name: speed\npublished: speed\n',
    'data/published/speed/post.yaml': post,
    'data/published/speed/speed.csv': 'gpu,usd,x\nA,"1,599",1\nB,799,0.6\n',
  })
  using kept = temporaryStore()
  const checked = await checkedPost(lab.at('experiments/speed.yaml'), { cwd: lab.root, env: {} })
  if (checked === undefined) throw new Error('it is of published results')
  const stored = publishPost(kept.store, checked)
  expect(stored.claims.map(({ of, outcome }) => [of, outcome.status])).toEqual([
    ['speed/A/x', 'reproduced'],
    ['speed/B/x', 'differs'],
  ])
  const values = kept.store.read(() =>
    kept.store.sql('SELECT value FROM v_published WHERE column_name = ?').pluck().all('usd'),
  )
  expect(values).toEqual([1599, 799])
})

test('a file that runs is no post', async () => {
  using lab = new CommandLine({ 'experiments/x.yaml': 'name: x\n' })
  expect(await checkedPost(lab.at('experiments/x.yaml'), { cwd: lab.root, env: {} })).toBeUndefined()
})
