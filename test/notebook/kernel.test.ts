import { createRequire } from 'node:module'
import { afterEach, expect, test, vi } from 'vitest'
import { display } from '../../lib/notebook/kernel.ts'

const { cache } = createRequire(import.meta.url)
const tslab = '/somewhere/node_modules/tslab/dist/jupyter.js'
afterEach(() => void delete cache[tslab])

test('one output has several mime types, and is changed in its place, by the writer that the cell has', () => {
  const [first, second] = [vi.fn(), vi.fn()]
  const exports = { lastWriteDisplayData: first }
  cache[tslab] = { exports } as unknown as NodeJS.Module
  const shown = display({ 'text/html': '<b>a</b>', 'text/plain': 'a' })
  exports.lastWriteDisplayData = second
  shown.update({ 'text/plain': 'b' })
  const transient = { display_id: expect.stringMatching(/^benchbook-\d+-\d+$/) }
  expect(first.mock.calls).toEqual([
    [{ data: { 'text/html': '<b>a</b>', 'text/plain': 'a' }, metadata: {}, transient }, false],
  ])
  expect(second.mock.calls).toEqual([[{ data: { 'text/plain': 'b' }, metadata: {}, transient }, true]])
  expect(second.mock.calls[0]?.[0].transient).toEqual(first.mock.calls[0]?.[0].transient)
})

test('outside of a kernel nothing is shown, and nothing breaks', () => {
  display({ 'text/plain': 'a' }).update({ 'text/plain': 'b' })
})
