import { expect, test } from 'vitest'
import { experimentJsonSchema } from '../../lib/experiment/schema.ts'
import { formatted } from './formatted-json.ts'

test('the committed JSON Schema is that of the experiment file (renew it with: npm test -- test/experiment/json-schema.test.ts -u)', async () => {
  await expect(formatted(experimentJsonSchema())).toMatchFileSnapshot('../../experiments/experiment.schema.json')
})
