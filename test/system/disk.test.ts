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
    expect(said.replaceAll(/[0-9a-f]{12}/g, 'ID')).toMatchInlineSnapshot(`
      "benchbook: the store /lab/data/benchbook.db cannot be written (it or its folder is read-only): make it writable, or name another with --store
      exit 2
      benchbook: cannot write reports/out/disk-ID.html (EROFS): all is measured and kept; write the report elsewhere with: benchbook report ID -o FILE
      exit 2
      benchbook: cannot write x.csv (EROFS): name another place with -o
      exit 2
      benchbook: cannot write reports/out/disk-ID.html (EROFS): name another place with -o
      exit 2
      trials
           1
      exit 0
      "
    `)
  })

  test('cannot be written has no room for generated weights either', () => {
    const said = script(
      'mkdir fresh; cd fresh; write; cd ..',
      'mount --bind fresh fresh; mount -o remount,ro,bind fresh; cd fresh',
      'bb run experiments/disk.yaml --store ../other.db | tail -n 2',
    )
    expect(said).toMatchInlineSnapshot(`
      "benchbook: cannot write /fresh/data/models/random/random-5m-q4_0-c3f3118a.gguf (2,801,568 bytes of generated weights): the file system is read-only: run in a lab that can be written to
      exit 4
      "
    `)
  })

  test('is full costs nothing that was committed; with room again, --resume completes', () => {
    const said = script(
      'mount -t tmpfs -o size=8m tmpfs lab; cd lab; write',
      'dd if=/dev/zero of=fill bs=1M count=5 2> /dev/null',
      'bb run experiments/disk.yaml | tail -n 2',
      'dd if=/dev/zero of=rest bs=4k 2> /dev/null',
      'bb run --resume --accept-setup | tail -n 2',
      'rm fill rest; find . -type f | sort',
      "bb query 'SELECT status, count(*) AS n FROM trial'",
      'bb run --resume --accept-setup | tail -n 1',
      "bb query 'SELECT status, count(*) AS n FROM trial'",
      "bb query 'PRAGMA integrity_check'",
    )
    expect(said.replaceAll(/[0-9a-f]{12}/g, 'ID')).toMatchInlineSnapshot(`
      "benchbook: cannot write /lab/data/models/random/random-5m-q4_0-c3f3118a.gguf (2,801,568 bytes of generated weights): the disk is full: free some space
      exit 4
      benchbook: no room is left on the disk of the store /lab/data/benchbook.db: make room and go on; what was committed is kept
      exit 2
      ./data/benchbook.db
      ./experiments/disk.yaml
      status   n
      pending  1
      exit 0
      exit 0
      status  n
      ok      1
      exit 0
      integrity_check
      ok
      exit 0
      "
    `)
  })

  test('fills up under a run stops it; with room again, --resume goes on', () => {
    const said = script(
      'mount -t tmpfs -o size=20m tmpfs lab; cd lab; write',
      'bb run experiments/disk.yaml --set load.requests=20 > ../said & run=$!',
      `while ! grep -qs '"request"' data/benchbook.db.spool/*/*/records.ndjson; do sleep 0.02; done`,
      'dd if=/dev/zero of=fill bs=4k 2> /dev/null; wait $run; rm fill; tail -n 3 ../said',
      'bb run --resume --accept-setup | tail -n 1',
      'bb query "SELECT count(*) AS measured FROM trial WHERE status = \'ok\'"',
      "bb query 'PRAGMA integrity_check'",
    )
    expect(said.replaceAll(/[0-9a-f]{12}/g, 'ID')).toMatchInlineSnapshot(`
      "interrupted; go on with: benchbook run --resume ID
      benchbook: no room is left on the disk of the store /lab/data/benchbook.db: make room and go on; what was committed is kept
      exit 2
      exit 0
      measured
             1
      exit 0
      integrity_check
      ok
      exit 0
      "
    `)
  })

  test('takes no more of standard output is told, and the exit code is not 0', () => {
    const said = script(
      'cd lab; write',
      'bb plan experiments/disk.yaml | tail -n 1',
      `'${process.execPath}' '${main}' plan experiments/disk.yaml 2>&1 > /dev/full; echo "exit $?"`,
    )
    expect(said).toMatchInlineSnapshot(`
        "exit 0
        benchbook: cannot write to standard output (ENOSPC): make room, or send it elsewhere
        exit 2
        "
      `)
  })
})
