import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ended, Lab } from './lab.ts'
import { figuresOf, storedFigures } from './page-figures.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Row = Record<string, string | number | null>

describe('the quickstart', () => {
  let lab: Lab
  let ran: Ended
  let page: string
  let cells: Row[]

  beforeAll(async () => {
    lab = new Lab({ 'quickstart.yaml': read('experiments/quickstart.yaml') })
    ran = await lab.run('run', 'experiments/quickstart.yaml')
    page = readFileSync(join(lab.root, ran.stdout.trim()), 'utf8')
    // A busy machine makes trials invalid: their values are shown as such, and are those of the one trial of the cell.
    cells = await query(`SELECT t.*, json_extract(t.axes, '$.model') AS model,
      json_extract(t.axes, '$.quantization') AS quantization, json_extract(t.axes, '$."backend.threads"') AS threads
      FROM v_trial t`)
  }, 600_000)
  afterAll(() => lab[Symbol.dispose]())

  const query = async (sql: string) => JSON.parse((await lab.run('query', sql, '--json')).stdout).rows as Row[]
  const valueOf = (metric: string, axes: Row) => {
    const found = cells.filter((cell) => Object.entries(axes).every(([axis, value]) => cell[axis] === value))
    const values = found.map((cell) => cell[metric]).filter((value) => value !== null)
    expect(values).toHaveLength(1)
    return values[0] as number
  }

  test('measures every cell and says where its report is', () => {
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^reports\/out\/quickstart-[0-9a-f]{12}\.html\n$/),
    })
    expect(cells.map((cell) => cell['status'])).toEqual(cells.map(() => 'ok'))
    expect(cells).toHaveLength(18)
  })

  test('finds that Q4_0 decodes faster than F16', () => {
    const [q4, f16] = ['q4_0', 'f16'].map((quantization) =>
      valueOf('decode_tps', { model: 'random-50m', quantization, threads: 1 }),
    )
    expect(q4).toBeGreaterThan(f16 as number)
  })

  test('finds that Q8_0 predicts as well as F16, and four bits a little worse', () => {
    const [f16, q8, q4k, q4] = ['f16', 'q8_0', 'q4_k_m', 'q4_0'].map((quantization) =>
      valueOf('perplexity', { model: 'demo', quantization, threads: 1 }),
    ) as [number, number, number, number]
    expect(Math.abs(q8 / f16 - 1)).toBeLessThan(0.001)
    expect(q4k).toBeGreaterThan(f16)
    expect(q4).toBeGreaterThan(f16)
  })

  test('shows the figures that a query of the store gives, to the digit shown', async () => {
    const figures = figuresOf(page)
    expect(new Set(figures.map(({ cellId }) => cellId)).size).toBe(18)
    // Every number that the page gives to programs is one of them: none is unbound.
    expect(figures).toHaveLength(page.match(/<data value="/g)?.length ?? 0)
    const storedOf = await storedFigures(query)
    for (const shown of figures) {
      const { figure, value, text } = shown
      // What is summed up here may be summed in another order there.
      expect(Math.abs(storedOf(shown) - value), JSON.stringify(shown)).toBeLessThanOrEqual(1e-12 * Math.abs(value))
      expect([figure, Number(text)]).toEqual([figure, Number(value.toFixed(text.split('.')[1]?.length ?? 0))])
    }
    const named = new Set(figures.map(({ figure }) => figure))
    for (const figure of ['e2e_s', 'request_tps', 'client_ttft_ms', 'client_by_engine']) expect(named).toContain(figure)
  })

  test('gives the same bytes in another folder, time zone and locale', () => {
    const elsewhere = join(lab.root, 'elsewhere')
    mkdirSync(join(elsewhere, 'experiments'), { recursive: true })
    const rebuilt = spawnSync(
      process.execPath,
      [join(root, 'lib/cli/main.ts'), 'report', 'latest', '--store', lab.store, '-o', 'rebuilt.html'],
      { cwd: elsewhere, env: { ...process.env, TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8', LC_ALL: 'tr_TR.UTF-8' } },
    )
    expect(rebuilt.status).toBe(0)
    expect(readFileSync(join(elsewhere, 'rebuilt.html'), 'utf8') === page).toBe(true)
  })

  const python = join(
    process.env['BENCHBOOK_PYTHON_ENV'] ??
      join(process.env['XDG_CACHE_HOME'] || join(process.env['HOME'] ?? '', '.cache'), 'benchbook/python'),
    'bin/python',
  )
  // In CI a missing Python environment is a failure, elsewhere a skip.
  test.skipIf(!existsSync(python) && process.env['CI'] === undefined)(
    'has the perplexity that transformers computes of the same weights, to three digits',
    () => {
      const [tokens, result] = [join(lab.root, 'tokens.json'), join(lab.root, 'result.json')]
      const demo = join(root, 'data/models/demo')
      const recipe = join(root, 'data/models/recipe/evaluate.py')
      const heldOut = join(demo, 'held-out.txt')
      execFileSync(python, ['-B', recipe, join(demo, 'hf'), heldOut, tokens, result, '--chunks', '30'], {
        stdio: 'ignore',
      })
      const { perplexity } = JSON.parse(readFileSync(result, 'utf8')) as { perplexity: number }
      const ours = valueOf('perplexity', { model: 'demo', quantization: 'f16', threads: 1 })
      expect(ours.toPrecision(3)).toBe(perplexity.toPrecision(3))
      expect(Math.abs(ours / perplexity - 1)).toBeLessThan(0.0005)
    },
  )
})
