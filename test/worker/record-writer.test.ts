import { readFileSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RecordWriter } from '../../lib/worker/record-writer.ts'
import { temporaryFolder } from '../store/example.ts'

/** A disk that takes so many bytes more, and then none. */
function disk(room: number) {
  const looks: (() => void)[] = []
  const write = (file: number, bytes: Buffer) => {
    if (self.room === 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
    const taken = writeSync(file, bytes.subarray(0, self.room))
    self.room -= taken
    return taken
  }
  const self = { room, looks, write, later: (look: () => void) => void looks.push(look) }
  return self
}
const record = (trialId: number) => ({ kind: 'trial-started', trialId, atUs: 1 }) as const
const numbersIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { n: number }).n)

test('records that a full disk does not take, or takes in part, are written whole and in order when there is room', async () => {
  using folder = temporaryFolder()
  const full = disk(70)
  using records = new RecordWriter(folder.at('records'), full)
  for (const trial of [1, 2, 3]) records.append(record(trial))
  expect(readFileSync(folder.at('records'))).toHaveLength(70)
  expect(records.pendingBytes).toBeGreaterThan(0)
  const drained = records.drained()
  full.looks.shift()?.()
  expect(full.looks, 'it looks again, once').toHaveLength(1)
  full.room = 1e6
  full.looks.shift()?.()
  await drained
  records.append(record(4))
  expect(numbersIn(folder.at('records'))).toEqual([1, 2, 3, 4])
  expect([records.pendingBytes, full.looks.length]).toEqual([0, 0])
})

test('a worker that is to stop at once does not wait for room', async () => {
  using folder = temporaryFolder()
  using records = new RecordWriter(folder.at('records'), disk(0))
  records.append(record(1))
  const drained = records.drained()
  records.giveUp()
  await drained
  await records.drained()
})

test('an error that is not about room is thrown', () => {
  using folder = temporaryFolder()
  using records = new RecordWriter(folder.at('records'), { write: broken })
  expect(() => records.append(record(1))).toThrow('broken')
})

const broken = () => {
  throw Object.assign(new Error('broken'), { code: 'EIO' })
}
