import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimSpool } from '../../lib/worker/claim.ts'

test('of two workers on one spool the first wins, and its claim stands', () => {
  const spool = mkdtempSync(join(tmpdir(), 'spool-'))
  expect([claimSpool(spool, 1), claimSpool(spool, 2)]).toEqual([true, false])
  expect(JSON.parse(readFileSync(join(spool, 'claim'), 'utf8'))).toMatchObject({ attempt: 1, pid: process.pid })
  expect(readdirSync(spool)).toEqual(['claim'])
  rmSync(spool, { recursive: true })
})
