import { expect, test } from 'vitest'
import { EngineLog } from '../../lib/backend/engine-log.ts'

test('the first error is kept in one line, and everything is passed on', async () => {
  const passedOn: string[] = []
  const log = new EngineLog((line) => passedOn.push(line))
  log.add('loading\n', 'other')
  expect(await log.firstError()).toBeUndefined()
  log.add('load: wrong shape;\n  expected 3\n', 'error')
  log.add('load: failed\n', 'error')
  expect(await log.firstError()).toBe('load: wrong shape; expected 3')
  expect(passedOn).toEqual(['loading', 'load: wrong shape;\n  expected 3', 'load: failed'])
})
