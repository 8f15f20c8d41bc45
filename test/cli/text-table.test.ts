import { expect, test } from 'vitest'
import { textTable } from '../../lib/cli/text-table.ts'

test('columns are aligned by what a terminal shows: wide and combined characters too', () => {
  expect(
    textTable(
      [{ head: 'name' }, { head: 'n', align: 'right' }],
      [
        ['模型', '1'],
        ['e\u0301🚀', '12'],
        ['model', '3'],
      ],
    ),
  ).toBe('name    n\n模型    1\ne\u0301🚀    12\nmodel   3\n')
})

test('columns are aligned, and control characters are spelled out', () => {
  expect(
    textTable(
      [{ head: 'name' }, { head: 'n', align: 'right' }],
      [
        ['a\u001b[31mb', '1'],
        ['c\nd', '123'],
      ],
    ),
  ).toBe('name            n\na\\u{1b}[31mb    1\nc\\u{a}d       123\n')
})
