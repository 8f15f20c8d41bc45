import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { experimentToKill, killRunners, killWorkers, problemsAfter } from './kills.ts'
import { Lab } from './lab.ts'

test.each([
  [5, 'a plan'],
  [2, 'a comparison, whose interrupted blocks run again'],
] as const)(
  'whenever the runner is killed (%i times), nothing of %s is lost or doubled, and --resume completes it',
  async (kills, of) => {
    using lab = new Lab(experimentToKill({ compares: of !== 'a plan', blocks: 4 }))
    expect(await killRunners(lab, kills, randomSequence(20))).toBe(kills)
    expect(await problemsAfter(lab)).toEqual({ requests: expect.any(Number), problems: [] })
  },
)

test.each([
  [5, 'a plan'],
  [2, 'a comparison, whose interrupted blocks run again'],
] as const)('whenever a worker is killed (%i times), %s goes on, and nothing is lost or doubled', async (kills, of) => {
  using lab = new Lab(experimentToKill({ compares: of !== 'a plan', blocks: 4 }))
  expect((await (await killWorkers(lab, kills, randomSequence(21))).ended).code).toBe(0)
  expect(await problemsAfter(lab)).toEqual({ requests: expect.any(Number), problems: [] })
})
