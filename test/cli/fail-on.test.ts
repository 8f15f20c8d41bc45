import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { type ComparedSpec, labWith } from './compared-plan.ts'

describe('how it ends for a program', () => {
  const all = ['--fail-on', 'regression,inconclusive,not-comparable']

  test.each<[string, ComparedSpec, number]>([
    ['faster, and as good', {}, 0],
    ['slower beyond the margin', { faster: 0.9 }, 10],
    ['worse beyond the margin', { worse: 0.1 }, 10],
    ['open', { faster: 1.01, noise: 0.2 }, 11],
    ['not resolved, as no floor is known', { faster: 1 }, 11],
    ['one block', { blocks: 1 }, 11],
    ['not measured to the end', { measured: 7 }, 11],
    ['one arm alone', { compare: { pairs: [] } }, 11],
  ])('%s', async (_, spec, code) => {
    using lab = labWith(spec)
    expect((await lab.run(['compare', 'latest', ...all])).exitCode).toBe(code)
    expect((await lab.run(['compare', 'latest'])).exitCode).toBe(0)
  })

  test('only what it is to fail on counts, and the gravest of that', async () => {
    using lab = labWith({
      faster: 0.9,
      noise: 0.01,
      compare: {
        margins: [
          { metric: 'decode_tps', margin: 0.02 },
          { metric: 'ttft_ms', margin: 0.05 },
        ],
      },
    })
    expect((await lab.run(['compare', 'latest', '--fail-on', 'not-comparable'])).exitCode).toBe(0)
    expect((await lab.run(['compare', 'latest', '--fail-on', 'inconclusive'])).exitCode).toBe(11)
    expect((await lab.run(['compare', 'latest', '--fail-on', 'inconclusive,regression'])).exitCode).toBe(10)
  })

  test('arms that were not sent the same are not comparable', async () => {
    using lab = labWith({})
    const database = new Database(lab.store)
    database.exec(`UPDATE request SET prompt_tokens = 9 WHERE trial IN
      (SELECT t.id FROM trial t JOIN launch l ON l.id = t.launch WHERE l.arm LIKE '%q4_0%')`)
    database.close()
    const { exitCode, stdout } = await lab.run(['compare', 'latest', ...all])
    expect([exitCode, stdout]).toEqual([12, expect.stringContaining('Not comparable: ')])
  })
})
