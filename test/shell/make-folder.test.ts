import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../../lib/shell/make-folder.ts'

test('a folder is made with those above it, and one that is there is left alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'benchbook-folder-'))
  makeFolder(join(root, 'a/b/c'))
  makeFolder(join(root, 'a/b/c'))
  expect(existsSync(join(root, 'a/b/c'))).toBe(true)
  rmSync(root, { recursive: true })
})

test('where the system refuses, the refusal comes back', () => {
  const root = mkdtempSync(join(tmpdir(), 'benchbook-folder-'))
  writeFileSync(join(root, 'file'), '')
  expect(() => makeFolder(join(root, 'file/a/b'))).toThrow('ENOTDIR')
  rmSync(root, { recursive: true })
})

test.runIf(process.platform === 'linux')('a system that calls every new folder missing is not asked for ever', () => {
  expect(() => makeFolder('/proc/benchbook/a')).toThrow('ENOENT')
})
