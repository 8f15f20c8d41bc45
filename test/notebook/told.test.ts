import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { toldLater } from '../../lib/notebook/told.ts'

async function told(error: Error): Promise<unknown> {
  try {
    return await toldLater(async () => {
      throw error
    })
  } catch (thrown) {
    return thrown
  }
}

test('what to do next is told as a cell does it, not as a command line', async () => {
  expect(inspect(await told(new UserError('wait for it, then go on with --resume')))).toBe(
    'wait for it, then go on with resume()',
  )
  expect(inspect(await told(new UserError('plan again, or go on with --accept-setup')))).toBe(
    'plan again, or go on with resume(id, { acceptSetup: true })',
  )
})

test('what is no mistake of a user keeps its stack', async () => {
  const bug = new Error('a bug')
  expect(await told(bug)).toBe(bug)
})
