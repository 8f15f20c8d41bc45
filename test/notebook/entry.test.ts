import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

// A kernel uses the build, with tslab's own TypeScript: so does this.
const root = mkdtempSync(join(tmpdir(), 'benchbook-entry-'))
const installed = join(root, 'node_modules/benchbook')

// tslab brings the types of Node that its TypeScript understands.
const nodeTypes = createRequire(resolve('node_modules/tslab/package.json')).resolve('@types/node/package.json')
const asTslab = {
  module: 'commonjs',
  moduleResolution: 'node',
  types: ['node'],
  typeRoots: [dirname(dirname(nodeTypes))],
}

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** What the TypeScript of tslab says of notebooks' code, by its own way of finding modules. */
function compiled(files: Readonly<Record<string, string>>): string {
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022'], ...asTslab }
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(files) }))
  for (const [name, code] of Object.entries(files)) writeFileSync(join(root, name), code)
  try {
    return node(resolve('node_modules/@tslab/typescript-for-tslab/bin/tsc'), '-p', '.')
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

beforeAll(() => {
  mkdirSync(installed, { recursive: true })
  execFileSync(process.execPath, [
    resolve('node_modules/typescript/bin/tsc'),
    '-p',
    'lib',
    '--outDir',
    join(installed, 'dist'),
  ])
  copyFileSync('package.json', join(installed, 'package.json'))
  for (const shared of ['node_modules', 'reports', 'data']) symlinkSync(resolve(shared), join(installed, shared))
}, 60_000)
afterAll(() => rmSync(root, { recursive: true }))

test.each(['benchbook/notebook', './node_modules/benchbook/dist/notebook/index.js'])(
  'a kernel, which requires everything, can require %s: nothing in it has a top-level await',
  (path) => {
    const names = node('--eval', `console.log(Object.keys(require('${path}')).join())`).trim()
    expect(names).toBe(
      'NotebookError,NotebookPlan,NotebookStore,chart,chartSpecs,display,openStore,report,resume,run,table,vegaLite',
    )
  },
)

const cell = (from: string) => `
import { chart, openStore, run, table, vegaLite, type CellRow, type RequestRow } from '${from}'
const store = openStore()
export async function cell(say: (n: number) => void): Promise<number | null> {
  const { plan, status } = await run('experiments/x.yaml', { quick: true, onProgress: ({ done }) => say(done) })
  const requests: RequestRow[] = plan.requests()
  const fast: CellRow[] = plan.cells().filter((row) => (row.decode_tps ?? 0) > 10 && row.axes['model'] === 'demo')
  table(fast, { columns: ['decode_tps'], rows: 5 })
  await chart.speed(plan)
  await chart.all(store.plan('latest'))
  await vegaLite({ mark: 'point', data: { values: requests } })
  const [row] = store.sql<{ n: number }>('SELECT count(*) AS n FROM plan')
  return status === 'complete' ? requests[0].ttft_ms : row.n
}
`

test('the TypeScript of tslab finds the types, in a lab and in this repository, and what is wrong by them', () => {
  const said = compiled({
    'lab.ts': cell('benchbook/notebook'),
    'repository.ts': cell('./node_modules/benchbook/dist/notebook/index.js'),
    'wrong.ts':
      "import { openStore } from 'benchbook/notebook'\nexport const text: string = openStore().cells()[0].decode_tps\n",
  })
  expect(said).toBe(
    "wrong.ts(2,14): error TS2322: Type 'number | null' is not assignable to type 'string'.\n" +
      "  Type 'null' is not assignable to type 'string'.\n",
  )
}, 60_000)
