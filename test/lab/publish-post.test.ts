import { expect, test } from 'vitest'
import { checkedPost, publishPost } from '../../lib/lab/publish-post.ts'
import { CommandLine } from '../cli/command-line.ts'
import { speedPost } from '../published/speed-post.ts'
import { temporaryStore } from '../store/example.ts'

test('a post is computed again and kept, numbers as numbers', async () => {
  using lab = new CommandLine({
    'experiments/speed.yaml': 'name: speed\npublished: speed\n',
    'data/published/speed/post.yaml': speedPost,
    'data/published/speed/speed.csv': 'gpu,tps,usd,per_usd\nA,6.5,"1,599",0.0041\nB,6,799,0.009\n',
  })
  using kept = temporaryStore()
  const checked = await checkedPost(lab.at('experiments/speed.yaml'), { cwd: lab.root, env: {} })
  if (checked === undefined) throw new Error('it is of published results')
  const stored = publishPost(kept.store, checked)
  expect(stored.claims.map(({ of, outcome }) => [of, outcome.status])).toEqual([
    ['speed/A/per_usd', 'reproduced'],
    ['speed/B/per_usd', 'differs'],
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
