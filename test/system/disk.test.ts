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
      "benchbook: cannot write /fresh/data/models/random/random-5m-q4_0-2067281b.gguf (2,801,824 bytes of generated weights): the file system is read-only: run in a lab that can be written to
      exit 4
      "
    `)
  })

  test('is full before anything is measured is waited for, and Ctrl-C ends the wait; with room --resume completes', () => {
    const said = script(
      'mount -t tmpfs -o size=8m tmpfs lab; cd lab; write',
      'dd if=/dev/zero of=fill bs=1M count=5 2> /dev/null',
      'bb run experiments/disk.yaml > ../said & run=$!',
      'while ! grep -qs "^disk full" ../said; do sleep 0.1; done',
      `kill -INT $(pgrep -P $run -f main.ts); wait $run; grep -v "^generating" ../said`,
      'rm fill; find . -name "*.tmp" -o -name "*.draft"',
      'bb run --resume --accept-setup | tail -n 1',
      "bb query 'SELECT status, count(*) AS n FROM trial WHERE unused IS NULL'",
      "bb query 'PRAGMA integrity_check'",
    )
    expect(said.replaceAll(/[0-9a-f]{12}/g, 'ID')).toMatchInlineSnapshot(`
      "plan ID: 1 of 1 trials to measure
      disk full at /lab/data/models/random/random-5m-q4_0-2067281b.gguf (2,801,824 bytes of generated weights): waiting, free some space
      finishing the current trial; Ctrl-C again stops it
      interrupted; go on with: benchbook run --resume ID
      exit 130
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

  test('fills up in the middle of a trial makes the run wait; with room it goes on, and nothing is lost or doubled', () => {
    const said = script(
      'mount -t tmpfs -o size=24m tmpfs lab; cd lab; write',
      'bb run experiments/disk.yaml --set load.requests=40 > ../said & run=$!',
      `while ! grep -qs '"request"' data/benchbook.db.spool/*/*/records.ndjson; do sleep 0.02; done`,
      'dd if=/dev/zero of=fill bs=4k 2> /dev/null',
      'while ! grep -qs "^disk full" ../said; do sleep 0.1; done; sleep 6',
      "bb query 'SELECT count(*) AS ended FROM launch WHERE ended_at_ms IS NOT NULL'",
      'rm fill; wait $run',
      'grep -c "^disk full" ../said; grep -c "^there is room on the disk again" ../said; tail -n 1 ../said',
      `bb query "SELECT t.status, attempt, (SELECT count(*) FROM request r WHERE r.trial = t.id AND phase = 'measured') AS requests FROM trial t JOIN launch l ON l.id = t.launch"`,
      `grep -c '"kind":"request"' data/benchbook.db.spool/*/*/records.ndjson`,
      "bb query 'PRAGMA integrity_check'",
    )
    expect(said.replaceAll(/[0-9a-f]{12}/g, 'ID')).toMatchInlineSnapshot(`
      "ended
          0
      exit 0
      1
      1
      exit 0
      status  attempt  requests
      ok            1        80
      exit 0
      81
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
