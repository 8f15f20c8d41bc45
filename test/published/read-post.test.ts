import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readHardware } from '../../lib/published/read-hardware.ts'
import { readPost } from '../../lib/published/read-post.ts'
import { speedPost } from './speed-post.ts'

let root: string
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'published-'))))
afterEach(() => rmSync(root, { recursive: true }))

const roots = () => ({ labRoot: root, packageRoot: root })
const post = `${speedPost}claims:
  fastest: { says: { en: A is fastest, ko: A가 가장 빠르다 }, lines: [7], test: "at('speed', 'A', 'tps') == max(column('speed', 'tps'))" }
`
function write(files: Record<string, string>): void {
  mkdirSync(join(root, 'data/published/speed'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'data/published/speed', name), text)
}

test('a post is its tables as they were printed, with the lines of its text', async () => {
  write({ 'post.yaml': post, 'speed.csv': 'line,gpu,tps,usd,per_usd\n12,A,6.50,100,0.065\n13,B,6,,\n' })
  const { tables, claims } = await readPost('speed', roots())
  expect(tables[0]?.rows).toEqual([
    { line: 12, cells: { gpu: 'A', tps: '6.50', usd: '100', per_usd: '0.065' } },
    { line: 13, cells: { gpu: 'B', tps: '6', usd: '', per_usd: '' } },
  ])
  expect(claims.map(({ id, lines }) => [id, lines])).toEqual([['fastest', [7]]])
})

test('what does not fit is told all at once, with its place', async () => {
  const broken = post
    .replace('formula: tps / usd', 'unit: x')
    .replace('lines: [7], test:', 'lines: [7], formula: tps, test:')
  write({ 'post.yaml': broken, 'speed.csv': 'gpu,tps,usd,other\nA,1,2,3\nA,1,2,3\n' })
  await expect(readPost('speed', roots())).rejects.toThrowErrorMatchingInlineSnapshot(`
    [UserError: data/published/speed/post.yaml:11:16: data/published/speed/speed.csv has no column per_usd
        per_usd: { title: { en: Per dollar, ko: 달러당 }, role: derived, unit: x }
    data/published/speed/post.yaml:11:16: a column is derived where it has a formula, and only there
        per_usd: { title: { en: Per dollar, ko: 달러당 }, role: derived, unit: x }
    data/published/speed/post.yaml:13:12: a claim has either formula and printed, or test, or untestable
        fastest: { says: { en: A is fastest, ko: A가 가장 빠르다 }, lines: [7], formula: tps, test: "at('speed',…
    data/published/speed/speed.csv: the row A is there twice
    data/published/speed/speed.csv:1: post.yaml says nothing of the column other]
  `)
})

test('a figure names what its post has', async () => {
  const figures = `figures:
  one: { kind: bars, table: sped, columns: [tps] }
  two: { kind: points, table: speed, x: usd, y: tp, base: C }
`
  write({ 'post.yaml': post + figures, 'speed.csv': 'gpu,tps,usd,per_usd\nA,1,2,0.5\n' })
  await expect(readPost('speed', roots())).rejects.toThrowErrorMatchingInlineSnapshot(`
    [UserError: data/published/speed/post.yaml:15:29: there is no table sped, did you mean "speed"?
        one: { kind: bars, table: sped, columns: [tps] }
    data/published/speed/post.yaml:16:49: the table speed has no tp, did you mean "tps"?
        two: { kind: points, table: speed, x: usd, y: tp, base: C }
    data/published/speed/post.yaml:16:59: the table speed has no C: it has A
        …kind: points, table: speed, x: usd, y: tp, base: C }]
  `)
})

test('rows with too few cells, and posts that are not there, are told', async () => {
  write({ 'post.yaml': post, 'speed.csv': 'gpu,tps,usd,per_usd\nA,1\n' })
  await expect(readPost('speed', roots())).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UserError: data/published/speed/speed.csv:2: Invalid Record Length: expect 4, got 2 on line 2]`,
  )
  await expect(readPost('sped', roots())).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UserError: data/published/sped: there is no such post: did you mean speed?]`,
  )
})

test('rows without a name or with a line that is none are told, and slips of what is not there', async () => {
  const slips = `slips:
  - { of: speed/A/tps, cause: { en: x, ko: x } }
  - { of: speed/Z/tps, cause: { en: x, ko: x } }
  - { of: fastest, cause: { en: x, ko: x } }
`
  write({
    'post.yaml': post + slips,
    'speed.csv': 'line,gpu,tps,usd,per_usd\n1,A,1,2,0.5\nx,,1,2,0.5\n-3,a/b,1,2,0.5\n',
  })
  await expect(readPost('speed', roots())).rejects.toThrowErrorMatchingInlineSnapshot(`
    [UserError: data/published/speed/speed.csv: row 2 has no gpu, which is the key
    data/published/speed/speed.csv: the row a/b has a "/" in its name, which parts table, row and column
    data/published/speed/speed.csv:3: line is "x": a line of the post's text, from 1, or nothing
    data/published/speed/speed.csv:4: line is "-3": a line of the post's text, from 1, or nothing
    data/published/speed/post.yaml:16:11: speed/Z/tps is no claim and no cell (table/row/column)
        - { of: speed/Z/tps, cause: { en: x, ko: x } }]
  `)
})

test('a table that is a link out of the folder of its post is refused unread', async () => {
  write({ 'post.yaml': post })
  writeFileSync(join(root, 'secret.csv'), 'gpu,tps,usd,per_usd\nA,1,2,0.5\n')
  symlinkSync(join(root, 'secret.csv'), join(root, 'data/published/speed/speed.csv'))
  await expect(readPost('speed', roots())).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UserError: data/published/speed/speed.csv: is a link that leads out of the folder of its post: put the file there]`,
  )
})

test('a table of more rows than anybody prints is refused', async () => {
  const rows = Array.from({ length: 5001 }, (_, index) => `${index},1,2,0.5\n`).join('')
  write({ 'post.yaml': post.replace(/claims:[^]*/, ''), 'speed.csv': `gpu,tps,usd,per_usd\n${rows}` })
  await expect(readPost('speed', roots())).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UserError: data/published/speed/speed.csv: has 5001 rows; 5000 are the most]`,
  )
})

const entry = (usd: number) =>
  `card: { title: Card, kind: gpu, price: { usd: ${usd}, source: x, date: "2023" }, source: x, date: "2023-01-01" }\n`

test("a lab's own hardware comes before the packaged one", async () => {
  const lab = join(root, 'lab')
  mkdirSync(join(lab, 'data'), { recursive: true })
  mkdirSync(join(root, 'data'))
  writeFileSync(join(root, 'data/hardware.yaml'), entry(1))
  writeFileSync(join(lab, 'data/hardware.yaml'), entry(2))
  expect((await readHardware({ labRoot: lab, packageRoot: root })).get('card')?.price).toMatchObject({ usd: 2 })
  expect((await readHardware(roots())).get('card')?.price).toMatchObject({ usd: 1 })
})
