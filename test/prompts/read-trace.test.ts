import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemsError } from '../../lib/parse/problem.ts'
import { readTrace } from '../../lib/prompts/read-trace.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'benchbook-trace-'))))
afterAll(() => rmSync(folder, { recursive: true }))

async function read(text: string) {
  const path = join(folder, 'trace.txt')
  writeFileSync(path, text)
  const checked = await readTrace({ file: 'trace.txt', path })
  return checked.status === 'ok' ? checked.value : problemsError(checked.problems).message
}

test('a time in seconds on each line becomes milliseconds from the first', async () => {
  expect(await read('1700000000.25\n1700000000.5\n\n1700000001.000125\r\n')).toEqual([0, 250, 750.125])
})

test('JSON Lines have it in timestamp, whatever else they hold', async () => {
  expect(await read('{"timestamp": 3, "tokens": 7}\n{"timestamp": 3.5}\n')).toEqual([0, 500])
})

test('logs are often in order of their ends: the times are sorted', async () => {
  expect(await read('5\n3\n4\n3')).toEqual([0, 0, 1000, 2000])
})

test('all that is wrong is told with its line', async () => {
  expect(await read('1\nsoon\n{"time": 2}\n"3"\n1700000000000000\n4')).toMatchInlineSnapshot(`
    "trace.txt:2:1: is not one JSON value in one line
        soon
    trace.txt:3:1: must be a time in seconds, or an object with one in its field timestamp; got {"time":2}
        {"time": 2}
    trace.txt:4:1: must be a time in seconds, or an object with one in its field timestamp; got "3"
        "3"
    trace.txt:5:1: must be a time in seconds; 1700000000000000 is too large for one
        1700000000000000"
  `)
})

test('a file without times is refused', async () => {
  expect(await read('\n\n')).toMatchInlineSnapshot(`"trace.txt: has no times in it"`)
})

test('a million arrivals are read, and no more', async () => {
  expect(await read('0\n'.repeat(1_000_000))).toHaveLength(1_000_000)
  expect(await read('0\n'.repeat(1_000_001))).toMatchInlineSnapshot(
    `"trace.txt: has more than 1000000 arrivals: cut it"`,
  )
})
