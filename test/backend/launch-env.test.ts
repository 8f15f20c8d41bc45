import { expect, test } from 'vitest'
import { withoutSecrets } from '../../lib/backend/launch-env.ts'

test('of a secret that begins as another does nothing is left', () => {
  expect(withoutSecrets('short abc, long abcdef', ['abc', 'abcdef'])).toBe('short ***, long ***')
})
