import { afterEach, expect, test } from 'vitest'
import { lockPlan } from '../../lib/lab/plan-lock.ts'

const own = `${process.pid}`
const plan = (id: string, ...devices: string[]) => ({
  id: `${id}-${own}`,
  launches: devices.map((device) => ({
    block: 0,
    arm: '{}',
    stratum: '{}',
    device: `${device}-${own}`,
    cellIds: ['c'],
  })),
})
const held: Disposable[] = []
const lock = async (...args: Parameters<typeof plan>) => held.push(await lockPlan(plan(...args), 0))
afterEach(() => {
  for (const one of held.splice(0)) one[Symbol.dispose]()
})
const refusal = async (...args: Parameters<typeof plan>) => {
  const error = await lockPlan(plan(...args), 0).catch((thrown: Error) => thrown)
  return error instanceof Error ? error.message.replaceAll(own, 'PID') : 'no error'
}

test('a run keeps its devices between its launches too: another plan on one of them is refused', async () => {
  await lock('a', 'cpu', 'cuda')
  expect(await refusal('b', 'vulkan', 'cuda')).toMatchInlineSnapshot(
    `"device cuda-PID is in use by plan a-PID (process PID): wait for it or stop it"`,
  )
  await lock('c', 'vulkan') // the refused one has given back what it had
  held[0]?.[Symbol.dispose]()
  await lock('b', 'cpu', 'cuda')
})

test('a plan has one runner', async () => {
  await lock('a', 'cpu')
  expect(await refusal('a', 'cpu')).toMatchInlineSnapshot(
    `"plan a-PID is being run by process PID: wait for it or stop it"`,
  )
})
