import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import { namedFiles } from '../../lib/lab/named-files.ts'
import { openAiLaunch } from '../backend/wire-launch.ts'

const lab = { root: '/lab', packageRoot: '/package' } as Parameters<typeof namedFiles>[1]
const cellWith = (caFile?: string) =>
  ({ config: { backend: openAiLaunch('https://x', caFile === undefined ? {} : { caFile }).backend } }) as Cell

test('the certificates of a server lie in the lab, or wherever an absolute path leads', async () => {
  expect(await namedFiles(cellWith('data/ca.pem'), lab)).toEqual({ 'data/ca.pem': '/lab/data/ca.pem' })
  expect(await namedFiles(cellWith('/etc/ca.pem'), lab)).toEqual({ '/etc/ca.pem': '/etc/ca.pem' })
  expect(await namedFiles(cellWith(), lab)).toEqual({})
})
