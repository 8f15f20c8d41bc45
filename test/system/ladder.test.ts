import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Lab } from './lab.ts'

const packaged = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
const folder = 'data/published/local-llm-terms'
const linesOf = (csv: string) => csv.trimEnd().split(/\r?\n/)
const perplexityAt = 5
const cellsOf = (row: string) =>
  row
    .split(',')
    .slice(0, perplexityAt + 1)
    .map((cell) => Number(cell) || cell)
const nearly = (cells: readonly unknown[]) => cells.with(perplexityAt, expect.closeTo(cells[perplexityAt] as number, 2))

/** Unquantized, the plainest format, and the one that costs most. */
const formats = ['f16', 'q4_0', 'q2_k']

test('the ladder of the post on terms is what the embedded engine measures: sizes to the byte, perplexity to its last digit', async () => {
  using lab = new Lab({ 'ladder.yaml': packaged('experiments/ladder.yaml') })
  const { code, stderr } = await lab.run(
    'run',
    'experiments/ladder.yaml',
    '--only',
    `quantization={${formats.join(',')}}`,
  )
  expect(code, stderr).toBe(0)
  const measured = await lab.run('query', '--format', 'csv', packaged(`${folder}/ladder.sql`))
  const [head, ...rows] = linesOf(packaged(`${folder}/ladder.csv`))
  const printed = rows.filter((row) => formats.includes(row.split(',')[0]?.toLowerCase() ?? ''))
  expect(printed).toHaveLength(formats.length)
  const [measuredHead, ...measuredRows] = linesOf(measured.stdout)
  expect(measuredHead).toBe(head)
  const features = await lab.run(
    'query',
    '--json',
    "SELECT json_extract(manifest, '$.engine.features') AS of FROM manifest",
  )
  // Kernels for other instruction sets add up in another order.
  if (features.stdout.includes('AVX512 = 1')) expect(measuredRows).toEqual(printed)
  else expect(measuredRows.map(cellsOf)).toEqual(printed.map(cellsOf).map(nearly))
})
