import { randomSequence } from '../../lib/domain/seeded.ts'
import { experimentToKill, killRunners, killWorkers, problemsAfter } from '../system/kills.ts'
import { Lab } from '../system/lab.ts'
import type { Figure } from './bound.ts'

const kills = Number(process.env['BENCH_KILLS'] ?? 200)
const seed = 200

/** Runner and worker killed at seeded random moments, of a plan and of a comparison; what was lost, doubled or left open. */
export async function killsBench(): Promise<Figure[]> {
  const random = randomSequence(seed)
  const each = Math.ceil(kills / 4)
  let [killed, lost] = [0, 0]
  for (const compares of [false, true]) {
    for (const what of ['runner', 'worker'] as const) {
      using lab = new Lab(experimentToKill({ compares, blocks: 8 }))
      if (what === 'runner') await killRunners(lab, each, random)
      else await (await killWorkers(lab, each, random)).ended
      const { requests, problems } = await problemsAfter(lab)
      killed += each
      lost += problems.length
      for (const problem of problems) process.stderr.write(`${problem}\n`)
      const of = compares ? 'comparison' : 'plan'
      process.stderr.write(
        `${each} kills of the ${what} of a ${of}: ${requests} requests, ${problems.length} problems\n`,
      )
    }
  }
  return [
    { what: 'kills of runner and worker', value: killed, unit: '', limit: { atLeast: kills } },
    { what: 'lost, doubled or left open after them', value: lost, unit: '', limit: { atMost: 0 } },
  ]
}
