import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { asOldNode } from './old-node.ts'

const lib = fileURLToPath(new URL('../../lib/cli', import.meta.url))
const files = ['launch.mjs', 'runtime.mjs', 'rerun.mjs']

function launch(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...asOldNode, join(folder, 'launch.mjs'), ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('on an old Node, and with none brought along, one line says what is needed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchbook-launch-'))
  for (const file of files) copyFileSync(join(lib, file), join(folder, file))
  expect(launch(folder, 'run')).toEqual({
    status: 4,
    stdout: '',
    stderr:
      'benchbook: needs Node 24 or newer, this is 20.1.0 (no runtime for this platform was installed); install it from https://nodejs.org\n',
  })
  rmSync(folder, { recursive: true })
})

// Where no Node is brought along (macOS, Windows) there is nothing to go on with.
const brought = existsSync(join(lib, `../../node_modules/node-${process.platform}-${process.arch}`))

test.runIf(brought)(
  'on an old Node it goes on with the one that was brought along, arguments and exit code unchanged',
  () => {
    expect(launch(lib, 'list', '--store', "no'such $(store).db")).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining("/no'such $(store).db: run an experiment first"),
    })
  },
)
