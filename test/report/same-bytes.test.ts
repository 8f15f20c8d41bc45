import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const printer = fileURLToPath(new URL('./print-digest.ts', import.meta.url))

test(
  'reports in every language, posts and images are the same bytes in another folder, time zone, locale and process',
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'))
    const packaged = join(folder, 'node_modules', 'some-package') // as where a package's own experiments are reported
    await mkdir(packaged, { recursive: true })
    const places = [
      { cwd: import.meta.dirname, env: { ...process.env, TZ: 'UTC', LANG: 'C' } },
      {
        cwd: packaged,
        env: {
          ...process.env,
          TZ: 'Pacific/Kiritimati',
          LANG: 'de_DE.UTF-8',
          LC_ALL: 'tr_TR.UTF-8',
          HOME: folder,
          NO_COLOR: '1',
        },
      },
    ]
    const run = promisify(execFile)
    const digests = await Promise.all(places.map((place) => run(process.execPath, [printer], place)))
    await rm(folder, { recursive: true })
    expect(digests[0]?.stdout).toMatch(/^(?:[0-9a-f]{64}\n){7,}[0-9a-f]{64}$/)
    expect(digests[1]?.stdout).toBe(digests[0]?.stdout)
  },
)
