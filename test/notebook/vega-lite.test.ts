import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { vegaLite } from '../../lib/notebook/vega-lite.ts'

test('a specification that Vega-Lite makes nothing of is told without a stack', async () => {
  const thrown: unknown = await vegaLite({}).catch((error: unknown) => error)
  expect(inspect(thrown)).toMatch(/^the chart cannot be drawn: Invalid specification \{\}\. [^\n]+\nhttps:[^\n]+$/)
})
