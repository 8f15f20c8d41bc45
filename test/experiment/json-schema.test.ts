import { expect, test } from 'vitest'
import { experimentJsonSchema } from '../../lib/experiment/schema.ts'

/** JSON as the formatter leaves it: lists of words stand in one line where they fit. */
function formatted(value: object): string {
  const json = JSON.stringify(value, undefined, 2)
  return `${json.replaceAll(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (list, items: string) => {
    const line = `[${items.replaceAll(/,\n\s+/g, ', ')}]`
    return line.length < 90 ? line : list
  })}\n`
}

test('the committed JSON Schema is that of the experiment file (renew it with: npm test -- test/experiment/json-schema.test.ts -u)', async () => {
  await expect(formatted(experimentJsonSchema())).toMatchFileSnapshot('../../experiments/experiment.schema.json')
})
