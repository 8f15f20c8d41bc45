import { expect, test } from 'vitest'
import { expand, plan } from './fixture.ts'

const text = 'name: x\naxes: { model: [tiny], quantization: [f16], workload: [bench] }\n'

test('guards have defaults, a word is short for what is done, and no cell is another for them', async () => {
  const plain = await plan(text)
  expect(plain.guards).toEqual({
    temperature: { above: 75, action: 'ignore' },
    foreignGpuTenant: { action: 'warn' },
    battery: { action: 'warn' },
  })
  const guarded = await expand(`${text}guards: { temperature: { above: 80, then: wait }, battery: refuse }`)
  expect(guarded.guards).toMatchObject({ temperature: { above: 80, action: 'wait' }, battery: { action: 'refuse' } })
  expect((await expand(`${text}guards: { temperature: wait }`)).guards.temperature).toEqual({
    above: 75,
    action: 'wait',
  })
  expect(guarded.cells.map(({ id }) => id)).toEqual(plain.cells.map(({ id }) => id))
})
