import { expect, test } from 'vitest'
import { Screen } from '../../lib/cli/screen.ts'
import { terminalOf } from '../../lib/cli/terminal.ts'
import { DrawnTerminal } from './drawn-terminal.ts'

test('lines are drawn over those before, and what is said stands above them', () => {
  const terminal = new DrawnTerminal()
  terminal.write('$ benchbook run\n')
  const screen = new Screen(terminal)
  screen.draw(['one', 'two, which is long', 'three'])
  screen.above('a warning')
  screen.draw(['1', '2'])
  screen.above('another')
  screen.draw(['1', '한국어', '3'])
  expect(terminal.text()).toBe('$ benchbook run\na warning\nanother\n1\n한국어\n3\n')
})

test('between any two writes the cursor is below the table and was never hidden', () => {
  const terminal = new DrawnTerminal()
  const screen = new Screen(terminal)
  screen.draw(['a', 'b'])
  screen.above('said')
  expect(terminal.frames.every((frame) => !frame.includes('\u001b[?25'))).toBe(true)
  terminal.write('$ ')
  expect(terminal.text()).toBe('said\na\nb\n$ ')
})

test('a terminal that has become narrower is cleared of the lines that wrapped', () => {
  const terminal = new DrawnTerminal(40, 10)
  const screen = new Screen(terminal)
  terminal.write('before\n')
  screen.draw(['x'.repeat(39), 'y'])
  terminal.resize(20, 10)
  screen.draw(['x'.repeat(19), 'y'])
  expect(terminal.text()).toBe(`before\n${'x'.repeat(19)}\ny\n`)
})

const stream = { isTTY: true, columns: 0, rows: 0, write: () => true, on: () => stream, off: () => stream }

test.for([{ NO_COLOR: '1' }, { CI: 'true' }, { TERM: 'dumb' }])('%j is given plain lines', (env) => {
  expect(terminalOf(stream as never, env)).toBeUndefined()
})

test('so is what is no terminal; one of an unknown size is taken for 80 by 24', () => {
  expect(terminalOf({ ...stream, isTTY: false } as never, {})).toBeUndefined()
  const terminal = terminalOf(stream as never, { CI: 'false', NO_COLOR: '', LANG: 'C' })
  expect([terminal?.columns(), terminal?.rows(), terminal?.symbols]).toEqual([80, 24, 'ascii'])
})
