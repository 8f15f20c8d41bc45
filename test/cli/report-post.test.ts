import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { storePlan } from './stored-plan.ts'
import { examplePlan } from '../store/example.ts'

const { experiment } = examplePlan()

/** A lab with a plan that asks for a page, and one that asks for a post. */
function labWithPost(post?: string): CommandLine {
  const lab = new CommandLine({
    'experiments/quick.yaml': quick,
    ...(post !== undefined && { [`reports/posts/${experiment.name}.md`]: post }),
  })
  storePlan(lab.store, 'complete', { id: 'aaaaaaaaaaaa' })
  const text = `${quick}report: { template: post }\n`
  storePlan(lab.store, 'complete', { id: 'bbbbbbbbbbbb', experiment: { ...experiment, text } })
  return lab
}
const mainOf = (html: string) => /<main.*?>/.exec(html)?.[0]

test('Markdown is a post, with its images in a folder of its name', async () => {
  using lab = labWithPost()
  const said = await lab.run(['report', 'aaaaaaaaaaaa', '-o', 'out/mine.md'])
  expect(said).toEqual({ exitCode: 0, stdout: 'out/mine.md\n', stderr: '' })
  expect(readFileSync(lab.at('out/mine.md'), 'utf8')).toMatch(/^---\n# Written by benchbook report/)
  expect(readFileSync(lab.at('out/mine.md'), 'utf8')).toContain('benchbook report aaaaaaaaaaaa --lang en -o mine.md')
})

test('a page is a post where the experiment or the command line says so', async () => {
  using lab = labWithPost()
  const made = async (...args: string[]) => {
    const { stdout } = await lab.run(['report', ...args])
    return mainOf(readFileSync(lab.at(stdout.trim()), 'utf8'))
  }
  expect(await made('aaaaaaaaaaaa')).toBe('<main>')
  expect(await made('aaaaaaaaaaaa', '--template', 'post')).toBe('<main class="post">')
  expect(await made('bbbbbbbbbbbb')).toBe('<main class="post">')
  expect(await made('bbbbbbbbbbbb', '--template', 'page', '-o', 'x.html')).toBe('<main>')
  expect(readFileSync(lab.at('reports/out/index.html'), 'utf8')).toMatch(/-bbbbbbbbbbbb\.html">/)
})

test('the lab’s own post is taken, for Markdown and page alike', async () => {
  using lab = labWithPost('## Mine\n\n{{facts}}\n')
  await lab.run(['report', 'aaaaaaaaaaaa', '-o', 'x.md'])
  await lab.run(['report', 'bbbbbbbbbbbb', '-o', 'x.html'])
  expect(readFileSync(lab.at('x.md'), 'utf8')).toContain('\n## Mine\n')
  expect(readFileSync(lab.at('x.html'), 'utf8')).toContain('<h2 id="mine">Mine</h2>')
})

test('Markdown that somebody has written is not written over, least of all the post’s own prose', async () => {
  using lab = labWithPost('## Mine\n\n{{facts}}\n')
  lab.write('by-hand.md', 'Hello.\n')
  lab.write('empty.md', '')
  const before = lab.files()
  const told: string[] = []
  for (const file of ['by-hand.md', `reports/posts/${experiment.name}.md`])
    told.push(await lab.refused(['report', 'aaaaaaaaaaaa', '-o', file]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: by-hand.md is there, and was not written by benchbook report: name another file with -o
    2 benchbook: reports/posts/quick.md is there, and was not written by benchbook report: name another file with -o
    "
  `)
  expect(lab.files()).toEqual(before)
  for (const _ of ['new', 'again'])
    expect(await lab.run(['report', 'aaaaaaaaaaaa', '-o', 'empty.md'])).toMatchObject({ exitCode: 0 })
})

test('what a post asks for in vain is refused, and nothing is written', async () => {
  using lab = labWithPost('# Hello\n\n{{value metric="decode_tsp"}}\n')
  expect(await lab.refused(['report', 'aaaaaaaaaaaa', '-o', 'x.md'])).toMatchInlineSnapshot(`
    "2 benchbook: reports/posts/quick.md:3:1: there is no metric decode_tsp, did you mean "decode_tps"? benchbook explain lists all
    "
  `)
})
