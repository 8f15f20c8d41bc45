import { expect, test } from 'vitest'
import { csvLine } from '../../lib/domain/csv.ts'

test('fields are separated by commas and lines end as RFC 4180 has it', () => {
  expect(csvLine(['a', 1.5, undefined, ''])).toBe('a,1.5,,\r\n')
})

test('a field with a comma, a quote, a line end or space at its ends is quoted', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', ' x'])).toBe('"a,b","say ""hi""","two\nlines"," x"\r\n')
})

test.each(['=1+1', '+cmd', '-cmd', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x","y")'])(
  'a text that a spreadsheet would run, %s, is kept as text',
  (text) => {
    expect(csvLine([text])).toMatch(/^"?'/)
  },
)

test('numbers stay numbers, below 0 and written by others too', () => {
  expect(csvLine([-1.5, '-1.5', '+2', '-1e-7'])).toBe('-1.5,-1.5,+2,-1e-7\r\n')
})
