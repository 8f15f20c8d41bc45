import { expect, test } from 'vitest'
import { expandExperiment } from '../../lib/experiment/expand.ts'
import { loadExperiment } from '../../lib/experiment/load-experiment.ts'
import { planExperiment } from '../../lib/experiment/plan.ts'
import { promptPorts } from '../../lib/prompts/prompt-ports.ts'
import { anyArtifact } from './fixture.ts'

const root = process.cwd()

async function planOf(cores: number) {
  const file = 'experiments/quickstart.yaml'
  const expanded = await expandExperiment({
    loaded: await loadExperiment({ file, path: file, labRoot: root, packageRoot: root }),
    folders: { labRoot: root, packageRoot: root, allowOutside: false },
    ports: {
      ...promptPorts,
      text: async () => ({ status: 'ok', value: { id: 'held-out.txt', text: 'Text.' } }),
      artifact: anyArtifact,
    },
  })
  const machine = { cores, accelerators: ['cpu'] } as const
  return planExperiment({ expanded, seed: 1, createdAtMs: 0, machine, command: 'run' })
}

test('the quickstart plans the demo and a random model, speed and quality, over the built-in catalogue', async () => {
  const { cells, launches } = await planOf(2)
  const count = (axes: object) =>
    cells.filter((cell) => Object.entries(axes).every(([key, value]) => cell.axes[key] === value)).length
  expect(launches.length).toBe(18) // 14 of speed, 4 that score
  expect([count({ model: 'demo', workload: 'decode' }), count({ model: 'random-50m', workload: 'decode' })]).toEqual([
    8, 6,
  ])
  expect([count({ model: 'demo', workload: 'quality' }), count({ model: 'random-50m', workload: 'quality' })]).toEqual([
    4, 0,
  ])
})

test('on one core its cells for two threads are skipped with a reason', async () => {
  const { cells, skipped } = await planOf(1)
  expect(cells.every((cell) => cell.axes['backend.threads'] === 1)).toBe(true)
  expect(new Set(skipped.filter(({ reason }) => reason !== 'excluded').map(({ detail }) => detail))).toEqual(
    new Set(['needs 2 threads, this machine has 1 core']),
  )
})
