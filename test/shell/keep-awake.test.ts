import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { awakeBy, keepAwake } from '../../lib/shell/keep-awake.ts'
import { isAlive } from '../../lib/shell/process-id.ts'

let folder: string
const path = process.env['PATH']

/** Notes its arguments and its process, and becomes the command that it is to wait for. */
const fake = (log: string) => `#!/bin/sh
echo "$$ $*" >> ${log}
while [ "\${1#--}" != "$1" ]; do shift; done
exec "$@"
`

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchbook-awake-'))
  for (const name of ['systemd-inhibit', 'caffeinate']) {
    writeFileSync(
      join(folder, name),
      name === 'caffeinate' ? `#!/bin/sh\necho "$$ $*" >> ${folder}/log\n` : fake(`${folder}/log`),
    )
    chmodSync(join(folder, name), 0o755)
  }
  process.env['PATH'] = `${folder}${delimiter}${path}`
})
afterEach(() => {
  process.env['PATH'] = path
  rmSync(folder, { recursive: true })
})

const patience = { timeout: 20_000 }

async function noted(): Promise<{ pid: number; args: string }> {
  const log = join(folder, 'log')
  await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8').endsWith('\n'), patience).toBe(true)
  const [, pid, args = ''] = /^(\d+) (.*)$/m.exec(readFileSync(log, 'utf8')) ?? []
  return { pid: Number(pid), args }
}

test('sleep is put off until it is disposed', async () => {
  const awake = keepAwake('measuring quick', { platform: 'linux' })
  const { pid, args } = await noted()
  expect(args).toBe('--what=idle:sleep --who=benchbook --why=measuring quick --mode=block cat')
  expect(isAlive({ pid })).toBe(true)
  awake[Symbol.dispose]()
  await expect.poll(() => isAlive({ pid }), patience).toBe(false)
}, 30_000)

test('it is not put off any longer than its process lives, though that be killed', async () => {
  const module = fileURLToPath(new URL('../../lib/shell/keep-awake.ts', import.meta.url))
  const script = `import { keepAwake } from ${JSON.stringify(module)}; keepAwake('x', { platform: 'linux' }); setInterval(() => {}, 1e6)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
  const { pid } = await noted()
  expect(isAlive({ pid })).toBe(true)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await expect.poll(() => isAlive({ pid }), patience).toBe(false)
}, 30_000)

test('on macOS caffeinate ends with this process', async () => {
  using _ = keepAwake('x', { platform: 'darwin', pid: 77 })
  expect((await noted()).args).toBe('-i -w 77')
})

test('where it cannot be put off nothing happens, and that can be asked', async () => {
  expect(await awakeBy({ platform: 'linux' })).toBe('systemd-inhibit')
  writeFileSync(join(folder, 'systemd-inhibit'), '#!/bin/sh\nexit 1\n')
  expect(await awakeBy({ platform: 'linux' })).toBeUndefined()
  process.env['PATH'] = '/nowhere'
  for (const platform of ['linux', 'darwin', 'win32'] as const) keepAwake('x', { platform })[Symbol.dispose]()
  expect(await awakeBy({ platform: 'win32' })).toBeUndefined()
})
