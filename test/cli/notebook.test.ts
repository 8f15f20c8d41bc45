import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { newNotebook } from '../../lib/notebook/new-notebook.ts'
import { examplePlan } from '../store/example.ts'
import { readNotebook } from '../system/notebook-file.ts'
import { CommandLine } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

afterEach(() => void vi.unstubAllEnvs())

function labWithStore(): CommandLine {
  const lab = new CommandLine()
  storePlan(lab.store, 'complete')
  return lab
}

test('a notebook for a plan opens it, shows matrix, charts and requests, and writes the report', () => {
  const text = newNotebook({ plan: examplePlan(), library: 'benchbook/notebook' })
  const cells = JSON.parse(text).cells as { cell_type: string; id: string; source: string[] }[]
  expect(cells.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['title', 'open', 'matrix', 'charts', 'requests', 'report']),
  )
  expect(cells.find(({ id }) => id === 'open')?.source.join('')).toBe(
    `import { chart, openStore, report, table, vegaLite } from 'benchbook/notebook'\n\nconst plan = openStore().plan('${examplePlan().id}')`,
  )
  expect(newNotebook({ plan: examplePlan(), library: 'benchbook/notebook' })).toBe(text)
})

test('what an experiment says of itself is text in the notebook, no markup and no code', () => {
  const { experiment } = examplePlan()
  const title = '<img src=x onerror=alert(1)> [a](javascript:b) `c` \n# d \u202e'
  const plan = { id: "a'b\\c", experiment: { ...experiment, title } }
  const { cells } = JSON.parse(newNotebook({ plan, library: 'benchbook/notebook', store: "o'clock.db" }))
  expect(cells[0].source[0]).toMatchInlineSnapshot(`
    "# \\<img src=x onerror=alert\\(1\\)\\> \\[a\\]\\(javascript\\:b\\) \\\`c\\\` \\# d \\\\u202e
    "
  `)
  expect(cells[1].source.join('')).toContain(String.raw`openStore('o\'clock.db').plan('a\'b\\c')`)
})

test('a notebook is written once, and again only by force', async () => {
  using lab = labWithStore()
  const { stdout, exitCode } = await lab.run(['notebook', 'new', 'latest'])
  expect(exitCode).toBe(0)
  const path = stdout.trim()
  expect(path).toMatch(/^notebooks\/[\w-]+-[0-9a-f]{12}\.ipynb$/)
  expect(readNotebook(lab.at(path)).nbformat).toBe(4)
  lab.write(path, 'mine')
  expect((await lab.refused(['notebook', 'new', 'latest'])).replace(path, 'PATH')).toBe(
    '2 benchbook: PATH is there already: name another with -o, or replace it with --force\n',
  )
  expect((await lab.run(['notebook', 'new', 'latest', '--force'])).exitCode).toBe(0)
  expect(readFileSync(lab.at(path), 'utf8')).toContain('"nbformat": 4')
})

test('a lab without a kernelspec gets one, which starts the installed tslab under a Node that is there', async () => {
  using lab = labWithStore()
  await lab.run(['notebook', 'new', 'latest', '-o', 'x.ipynb'])
  const spec = JSON.parse(readFileSync(lab.at('.jupyter/kernels/tslab/kernel.json'), 'utf8'))
  expect(spec).toEqual({
    argv: [process.execPath, resolve('node_modules/tslab/bin/tslab'), 'kernel', '--config-path', '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
    interrupt_mode: 'signal',
  })
  for (const program of spec.argv.slice(0, 2)) expect(existsSync(program), program).toBe(true)
})

test('where the package is installed the kernelspec and the import name no place of this machine', async () => {
  using lab = labWithStore()
  lab.write('node_modules/tslab/package.json', '{}')
  lab.write('node_modules/benchbook/package.json', '{}')
  await lab.run(['notebook', 'new', 'latest', '-o', 'deep/x.ipynb'])
  const spec = readFileSync(lab.at('.jupyter/kernels/tslab/kernel.json'), 'utf8')
  const committed = JSON.parse(readFileSync('.jupyter/kernels/tslab/kernel.json', 'utf8'))
  expect(JSON.parse(spec)).toEqual(committed)
  expect(readFileSync(lab.at('deep/x.ipynb'), 'utf8')).toContain("from 'benchbook/notebook'")
  expect(existsSync(lab.at('node_modules/.bin/node')), 'a runtime where the kernelspec looks for it').toBe(true)
})

test('a missing Jupyter is told with the commands that install it', async () => {
  using lab = labWithStore()
  lab.write('bin/python3', '#!/bin/sh\nexit 1\n')
  chmodSync(lab.at('bin/python3'), 0o755)
  lab.write('x.ipynb', '{}')
  vi.stubEnv('PATH', `${lab.at('bin')}${delimiter}${process.env['PATH']}`)
  vi.stubEnv('VIRTUAL_ENV', '')
  expect(await lab.refused(['notebook', 'run', 'x.ipynb'])).toMatchInlineSnapshot(`
    "4 benchbook: no Python here has nbclient: install it in this lab (/lab) with
      python3 -m venv .venv
      .venv/bin/pip install jupyterlab nbclient
    Debian and Ubuntu need \`sudo apt install python3-venv\` before that.
    "
  `)
  expect(await lab.refused(['notebook', 'start'])).toContain('no Python here has jupyterlab')
  expect(await lab.refused(['notebook', 'run', 'none.ipynb'])).toMatchInlineSnapshot(`
    "2 benchbook: none.ipynb is not there: name a notebook
    "
  `)
  expect(await lab.refused(['notebook', 'run', 'x.ipynb', '--timeout', 'long'])).toMatchInlineSnapshot(`
    "2 benchbook: --timeout is a whole number of seconds, got long
    "
  `)
})
