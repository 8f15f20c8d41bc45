import { chmodSync, mkdtempSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openFile } from '../../lib/shell/open-file.ts'

const onLinux = (env: Record<string, string>) => openFile('/x.html', { platform: 'linux', env })

test('nothing is started where nobody looks', async () => {
  expect(await onLinux({ CI: 'true', DISPLAY: ':0' })).toEqual({ status: 'not opened', reason: 'CI is set' })
  expect(await onLinux({})).toEqual({ status: 'not opened', reason: 'there is no display' })
  const ssh = { status: 'not opened', reason: 'this is an SSH session without a display' }
  expect(await onLinux({ SSH_CONNECTION: '::1' })).toEqual(ssh)
  expect(await openFile('/x.html', { platform: 'darwin', env: { SSH_CONNECTION: '::1' } })).toEqual(ssh)
})

test('a missing opener is said, not thrown', async () => {
  expect(await onLinux({ DISPLAY: ':0', PATH: '/nowhere' })).toEqual({
    status: 'not opened',
    reason: 'there is no xdg-open here',
  })
})

test('the opener gets the path as one argument, whatever is in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'opener-'))
  try {
    writeFileSync(join(folder, 'xdg-open'), '#!/bin/sh\necho "$#" > "$1"\n')
    chmodSync(join(folder, 'xdg-open'), 0o755)
    const path = join(folder, 'a b; touch c')
    const env = { WAYLAND_DISPLAY: 'wayland-0', PATH: `${folder}:${process.env['PATH']}` }
    expect(await openFile(path, { platform: 'linux', env })).toEqual({ status: 'opened' })
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), { timeout: 10_000 })
    expect(existsSync(join(folder, 'c'))).toBe(false)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
