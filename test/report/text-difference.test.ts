import { expect, test } from 'vitest'
import { pageText } from '../../lib/report/page-text.ts'
import { differences, differenceText } from '../../lib/report/text-difference.ts'

const told = (there: string, now: string) =>
  differences(there, now).map((each) => `${each.line}: ${differenceText(each)}`)

const line = (value: string) =>
  `A long beginning of a line that says much before it comes to ${value} tokens/s in the end.`
const many = (word: string) => Array.from({ length: 3000 }, (_, at) => `${word}${at}`).join('\n')

test('a number that changed is shown with its line and a little of what is around it', () => {
  expect(told(`a\n${line('28.9')}\nc\n`, `a\n${line('30.1')}\nc\n`)).toEqual([
    '2: … says much before it comes to [-28.9-]{+30.1+} tokens/s in the end.',
  ])
})

test('lines that came or went do not move what follows', () => {
  expect(told('a\nb\nc\nd\n', 'a\nc\nx\nd\ne\n')).toEqual(['2: [-b-]', '4: {+x+}', '5: {+e+}'])
  expect(told('same', 'same')).toEqual([])
  expect(told('', 'x')).toEqual(['1: {+x+}'])
})

test('what is too much to be held word against word is still told', () => {
  expect(told(many('a'), many('b'))).toHaveLength(3000)
})

test('of a page what is read counts, on the lines of its file', () => {
  const page =
    '<p>a\n<script>x\ny</script></p>\n<table><tr><td>1</td><td>2 &lt; 3</td></tr></table>\n<svg>\n<text>4</text></svg>'
  expect(pageText(page)).toBe(' a\n\n \n 1 2 < 3 \n\n')
})
