import { describe, expect, test } from 'vitest'
import { shownData, shownText } from '../../lib/report/shown-text.ts'
import { fixture } from './fixture.ts'

describe('shownText', () => {
  test('leaves ordinary text alone', () => {
    const text = 'naïve “quotes”, 漢字, 👩🏽‍💻 and a tab\tand\nlines'
    expect(shownText(text)).toBe(text)
  })

  test('shows what reorders, hides or controls', () => {
    expect(shownText('safe\u202Etxt.exe')).toBe('safe\\u202etxt.exe')
    expect(shownText('a\u0000b\u001b[31m\u200b\u2028\ufeff')).toBe('a\\u0000b\\u001b[31m\\u200b\\u2028\\ufeff')
    expect(shownText('half \ud83d a pair')).toBe('half \\ud83d a pair')
  })

  test('isolates what runs right to left', () => {
    expect(shownText('שלום')).toBe('\u2068שלום\u2069')
  })

  test('cuts what is too long, and says by how much', () => {
    expect(shownText('x'.repeat(1_000_000))).toBe(`${'x'.repeat(2000)}… (+998000)`)
  })
})

test('every string of a plan is shown so, names and keys too', () => {
  const data = fixture({ threads: [1] })
  const renamed = JSON.parse(JSON.stringify(data).replaceAll('q4_0', 'q4\\u202e0')) as typeof data
  expect(JSON.stringify(shownData(renamed))).not.toContain('\u202e')
  const quantizations = shownData(renamed).plan.cells.map((cell) => cell.axes['quantization'])
  expect(quantizations).toContain('q4\\u202e0')
})

test('a prompt and the experiment file may be longer than a name', () => {
  const data = fixture({ prompt: 'x'.repeat(30_000) })
  const workload = shownData(data).plan.cells[0]?.config.workload
  expect(workload?.kind === 'completion' && workload.prompts[0]?.text).toHaveLength(30_000)
})
