import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { PullTeller } from '../../lib/cli/pull-progress.ts'
import type { Terminal } from '../../lib/cli/terminal.ts'

const ofBytes = 4e9

function tellerOf(terminal?: Terminal) {
  const said: string[] = []
  let nowMs = 0
  const teller = new PullTeller({ stderr: (text) => void said.push(text), terminal }, () => nowMs)
  const at = (seconds: number, bytes: number) => {
    nowMs = seconds * 1000
    teller.progress({ file: 'm.gguf', bytes, ofBytes })
  }
  return { teller, at, said }
}

test('without a terminal there is a plain line every ten seconds, with the rate of what has come since', () => {
  const { at, said, teller } = tellerOf()
  at(0, 1e9) // was here
  at(5, 1.5e9)
  at(10, 2e9)
  teller.say('m.gguf: the connection is lost (ECONNRESET), once more in 1 s')
  at(30, 4e9)
  at(30, 4e9)
  expect(said.join('')).toMatchInlineSnapshot(`
    "1.0 GB of 4.0 GB (25 %): m.gguf
    2.0 GB of 4.0 GB (50 %), 100 MB/s, 20 s left: m.gguf
    m.gguf: the connection is lost (ECONNRESET), once more in 1 s
    4.0 GB of 4.0 GB (100 %), 100 MB/s: m.gguf
    "
  `)
})

test('a slow start is forgotten: the rate is that of the last ten seconds', () => {
  const { at, said } = tellerOf()
  for (let second = 0; second <= 60; second += 1) at(second, second < 40 ? second * 1e6 : 40e6 + (second - 40) * 1e8)
  expect(said.at(-1)).toBe('2.0 GB of 4.0 GB (51 %), 100 MB/s, 20 s left: m.gguf\n')
  expect(said[2]).toMatch(/^20 MB of 4\.0 GB \(0 %\), 1 MB\/s, /)
})

test('on a terminal it is one line that is drawn over, never wider than that', () => {
  const written: string[] = []
  const terminal: Terminal = {
    columns: () => 40,
    rows: () => 10,
    write: (text) => void written.push(text),
    onResize: () => () => {},
    symbols: 'unicode',
  }
  const { at, said } = tellerOf(terminal)
  at(0, 0)
  at(0.1, 1e8)
  at(20, 2e9)
  expect(said).toEqual([])
  const shown = written.map((text) => stripVTControlCharacters(text).trim())
  expect(shown).toEqual(['0 MB of 4.0 GB (0 %): m.gguf', '2.0 GB of 4.0 GB (50 %), 100 MB/s, 20 …'])
})
