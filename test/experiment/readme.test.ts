import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { experimentJsonSchema } from '../../lib/experiment/schema.ts'
import { plan } from './fixture.ts'

const readme = readFileSync('experiments/README.md', 'utf8')

/** The keys of a JSON Schema, at every depth. */
function keysIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, below]) =>
    key === 'properties'
      ? [...Object.keys(below as object), ...Object.values(below as object).flatMap(keysIn)]
      : keysIn(below),
  )
}

test('the README names every key of the format', () => {
  const keys = [...new Set(keysIn(experimentJsonSchema()))]
  expect(keys.length).toBeGreaterThan(40)
  expect(keys.filter((key) => !new RegExp(`(^|[^\\w$])${key.replace('$', '\\$')}\\b`).test(readme))).toEqual([])
})

test("the README's example is an experiment", async () => {
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? []
  const lab = mkdtempSync(join(tmpdir(), 'benchbook-readme-'))
  mkdirSync(join(lab, 'data/models/demo'), { recursive: true })
  writeFileSync(join(lab, 'data/models/demo/held-out.txt'), 'Some text.')
  const { cells, skipped } = await plan(example, { folders: { labRoot: lab, packageRoot: lab } })
  rmSync(lab, { recursive: true })
  expect([cells.length, skipped.length]).toEqual([4, 4])
})
