import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('a parent that is gone is known by its disconnection, not by what could not be told it', () => {
  const program = fileURLToPath(new URL('orphaned.ts', import.meta.url))
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: 'disconnected', stderr: '' })
})
