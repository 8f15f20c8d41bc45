import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url))
const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0

const experiment = `
name: disk
axes: { model: [random-5m], quantization: [q4_0], workload: [bench] }
load: { requests: 1 }
repeat: { blocks: 1 }
`

// In CI a machine that lets nobody mount is a failure, elsewhere a skip.
describe.skipIf(!mayMount && process.env['CI'] === undefined)('a disk that', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'benchbook-disk-'))
    mkdirSync(join(root, 'lab'))
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  /** Runs a script whose mounts nobody else sees; `bb` is the command line, and its exit code is printed. */
  function script(...lines: string[]): string {
    const head = [
      `bb() { '${process.execPath}' '${main}' "$@" 2>&1; echo "exit $?"; }`,
      `write() { mkdir -p experiments; cat > experiments/disk.yaml <<'YAML'\n${experiment}\nYAML\n}`,
      `cd '${root}'`,
    ]
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', [...head, ...lines].join('\n')], {
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: join(root, 'cache') },
    })
    expect(stderr).toBe('')
    return stdout.replaceAll(root, '')
  }

  test('cannot be written is told with the place, and what is there can be read', () => {
    const said = script(
      'cd lab; write; bb run experiments/disk.yaml > /dev/null; cd ..',
      'mount --bind lab lab; mount -o remount,ro,bind lab; cd lab',
      'bb run experiments/disk.yaml',
      'bb run experiments/disk.yaml --store ../elsewhere.db | tail -n 2',
      'bb export latest -o x.csv',
      'bb report latest',
      "bb query 'SELECT count(*) AS trials FROM trial'",
    )
    expect(said).toMatchInlineSnapshot()
  })

  test('cannot be written has no room for generated weights either', () => {
    const said = script(
      'mkdir fresh; cd fresh; write; cd ..',
      'mount --bind fresh fresh; mount -o remount,ro,bind fresh; cd fresh',
      'bb run experiments/disk.yaml --store ../other.db | tail -n 2',
    )
    expect(said).toMatchInlineSnapshot()
  })

  test('is full costs nothing that was committed; with room again, --resume completes', () => {
    const said = script(
      'mount -t tmpfs -o size=8m tmpfs lab; cd lab; write',
      'dd if=/dev/zero of=fill bs=64k count=24 2> /dev/null',
      'bb run experiments/disk.yaml | tail -n 2',
      'rm fill',
      'dd if=/dev/zero of=fill bs=4k 2> /dev/null',
      'bb run --resume | tail -n 2',
      "bb query 'PRAGMA integrity_check'",
      'rm fill',
      'bb run --resume | tail -n 1',
      "bb query 'SELECT status FROM trial'",
    )
    expect(said.replaceAll(/[0-9a-f]{12}/g, 'ID')).toMatchInlineSnapshot()
  })

  test('takes no more of standard output is told, and the exit code is not 0', () => {
    const said = script(
      'cd lab; write',
      'bb plan experiments/disk.yaml | tail -n 1',
      `'${process.execPath}' '${main}' plan experiments/disk.yaml 2>&1 > /dev/full; echo "exit $?"`,
    )
    expect(said).toMatchInlineSnapshot()
  })
})
