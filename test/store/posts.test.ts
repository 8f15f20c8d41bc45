import { expect, test } from 'vitest'
import { insertPost } from '../../lib/store/insert-post.ts'
import { readStoredPost } from '../../lib/store/read-post.ts'
import type { Store } from '../../lib/store/store.ts'
import { exampleClaims as claims, examplePost as post, examplePostOptions as options } from './example-post.ts'
import { temporaryStore } from './example.ts'

const all = (store: Store, sql: string) => store.read(() => store.sql(sql).raw().all())

test('a post comes back as it was kept, and is kept once', () => {
  using lab = temporaryStore()
  const digest = insertPost(lab.store, post, options)
  expect(insertPost(lab.store, post, options)).toBe(digest)
  expect(readStoredPost(lab.store, digest)).toEqual({ digest, post, claims })
  expect(all(lab.store, 'SELECT count(*) FROM published_post')).toEqual([[1]])
})

test('a post that has changed is kept beside what it was', () => {
  using lab = temporaryStore()
  const before = insertPost(lab.store, post, options)
  const after = insertPost(lab.store, { ...post, slips: [] }, options)
  expect(after).not.toBe(before)
  expect(readStoredPost(lab.store, before).post).toEqual(post)
})

test('the order of charts is that of the post, also where nothing else has changed', () => {
  using lab = temporaryStore()
  const { speed } = post.figures
  if (speed === undefined) throw new Error('it has one')
  const orders = [
    { speed, again: speed },
    { again: speed, speed },
  ]
  for (const figures of orders) {
    const digest = insertPost(lab.store, { ...post, figures }, options)
    expect(Object.keys(readStoredPost(lab.store, digest).post.figures)).toEqual(Object.keys(figures))
  }
})

test('what was published is in views of its own, and in none of what was measured', () => {
  using lab = temporaryStore()
  insertPost(lab.store, post, options)
  const rows = (sql: string) => all(lab.store, sql)
  expect(
    rows("SELECT post, printed, value, unit, line FROM v_published WHERE column_name = 'tps' ORDER BY row"),
  ).toEqual([
    ['cards', '6.50', 6.5, 'tokens/s', 7],
    ['cards', '', null, 'tokens/s', null],
  ])
  expect(rows('SELECT of, status, recomputed, within_rounding FROM v_claim')).toEqual([
    ['fastest', 'reproduced', null, null],
    ['speed/A/tps', 'differs', '6.61', 0],
  ])
  for (const view of ['v_request', 'v_trial', 'v_cell', 'v_event'])
    expect(rows(`SELECT count(*) FROM ${view}`)).toEqual([[0]])
})
