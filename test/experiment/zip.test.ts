import { expect, test } from 'vitest'
import { expand, refused } from './fixture.ts'

const axesOf = async (text: string, sets: readonly string[] = []) => {
  const { cells } = await expand(text, { sets })
  return cells.map(({ axes }) => Object.values(axes).map(String).join(' '))
}

const axes = (quantization: string) =>
  `model: [tiny], quantization: [${quantization}], workload: [write], backend.threads: [2, 2]`

test('zipped axes advance together and keep their place', async () => {
  const text = `
name: x
axes: { model: [tiny, noise], workload: [write, bench], quantization: [q8_0, f16] }
zip: [[model, quantization]]`
  expect(await axesOf(text)).toEqual(['tiny write q8_0', 'tiny bench q8_0', 'noise write f16', 'noise bench f16'])
})

test('a value may come again on a zipped axis, where another of the group is another then', async () => {
  const text = `
name: x
axes: { model: [tiny], quantization: [f16, q8_0, q8_0], backend.threads: [1, 1, 2], workload: [write] }
zip: [[quantization, backend.threads]]`
  expect(await axesOf(text)).toEqual(['tiny f16 1 write', 'tiny q8_0 1 write', 'tiny q8_0 2 write'])
})

test('what is there twice is refused, on an axis or on a group of them', async () => {
  expect(await refused(`name: x\naxes: { ${axes('f16, f16')} }\nzip: [[quantization, backend.threads]]`))
    .toMatchInlineSnapshot(`
    "x.yaml:2:90: axes.backend.threads: 2 is there twice, with the same quantization
        …16, f16], workload: [write], backend.threads: [2, 2] }"
  `)
  expect(await refused(`name: x\naxes: { ${axes('f16')} }`)).toMatchInlineSnapshot(`
    "x.yaml:2:85: axes.backend.threads: 2 is there twice
        …n: [f16], workload: [write], backend.threads: [2, 2] }"
  `)
})
