import { expect, test } from 'vitest'
import { CpuAccount } from '../../lib/telemetry/cpu-account.ts'

const process = (pid: number, parent: number, ownTicks: number, childTicks = 0, startedTicks = pid) => {
  return { pid, parent, group: 1, session: 1, ownTicks, childTicks, startedTicks }
}

test('all count, with the children that they waited for', () => {
  expect(new CpuAccount().take([process(10, 1, 100, 50), process(20, 10, 20)])).toBe(1.7)
})

test('what an ended process took is in the count of who waited for it, once', () => {
  const account = new CpuAccount()
  account.take([process(10, 1, 100), process(20, 10, 60), process(30, 20, 40)])
  expect(account.take([process(10, 1, 100, 105)]), 'with what it took after it was seen last').toBe(2.05)
})

test('what nobody waited for is kept', () => {
  const account = new CpuAccount()
  account.take([process(10, 1, 100), process(20, 10, 60), process(30, 1, 40)])
  expect(account.take([process(10, 1, 110)])).toBe(2.1)
  expect(account.take([process(10, 1, 120)])).toBe(2.2)
  expect(account.take([]), 'also of the last').toBe(2.2)
})

test('a process that got the number of another is another', () => {
  const account = new CpuAccount()
  account.take([process(10, 1, 100)])
  expect(account.take([process(10, 1, 5, 0, 999)])).toBe(1.05)
})
