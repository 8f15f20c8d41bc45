import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { storePlan } from './stored-plan.ts'
import { examplePlan } from '../store/example.ts'

const english = readFileSync('reports/strings/en.yaml', 'utf8')
const odd = english
  .replace('language: en', 'language: xx')
  .replace('language-name: English', 'language-name: Oddish')
  .replace('answer: Answer', 'answer: Oddswer')
const { experiment } = examplePlan()
const inOddish = { ...experiment, text: `${quick}report: { language: xx }\n` }

/** A lab with words of its own, and a plan in English and one in those. */
function labWithWords(): CommandLine {
  const lab = new CommandLine({ 'experiments/quick.yaml': quick, 'reports/strings/xx.yaml': odd })
  storePlan(lab.store, 'complete', { id: 'aaaaaaaaaaaa' })
  storePlan(lab.store, 'complete', { id: 'bbbbbbbbbbbb', experiment: inOddish })
  return lab
}
const index = 'reports/out/index.html'
const languageIn = (html: string) => /<html lang="(.*?)">/.exec(html)?.[1]

test('a report speaks the language of its experiment, or the one that is asked for, beside the other', async () => {
  using lab = labWithWords()
  const own = await lab.run(['report', 'bbbbbbbbbbbb'])
  const translated = await lab.run(['report', 'bbbbbbbbbbbb', '--lang', 'en'])
  const same = await lab.run(['report', 'bbbbbbbbbbbb', '--lang', 'xx'])
  expect([own, translated].map(({ stdout }) => stdout.replace(/.*-/, ''))).toEqual([
    'bbbbbbbbbbbb.html\n',
    'bbbbbbbbbbbb.en.html\n',
  ])
  expect(same).toEqual(own)
  const [html, other] = [own, translated].map(({ stdout }) => readFileSync(lab.at(stdout.trim()), 'utf8'))
  expect([languageIn(html ?? ''), languageIn(other ?? '')]).toEqual(['xx', 'en'])
  expect(html).toContain('<a href="#answer">Oddswer</a>')
  expect(html).toContain('benchbook report bbbbbbbbbbbb --lang xx -o')
  expect(other).toContain('benchbook report bbbbbbbbbbbb --lang en -o')
})

test('the index has a line for each, says the language of another, and speaks the one that all have in common', async () => {
  using lab = labWithWords()
  const read = () => readFileSync(lab.at(index), 'utf8')
  await lab.run(['report', 'bbbbbbbbbbbb'])
  expect(languageIn(read())).toBe('xx')
  await lab.run(['report', '--all'])
  expect(languageIn(read())).toBe('en')
  expect(new Set(read().match(/<li lang="\w+"/g))).toEqual(new Set(['<li lang="en"', '<li lang="xx"']))
  expect(read().match(/<span>Oddish<\/span>/g)).toHaveLength(1)
  await lab.run(['report', '--all', '--lang', 'xx'])
  expect(languageIn(read())).toBe('xx')
  expect(read().match(/<li lang=/g)).toHaveLength(3)
})

test('a language without words is refused before anything is written or measured', async () => {
  using lab = labWithWords()
  lab.write('experiments/x.yaml', `${quick}report: { language: yx }\n`)
  const told = [
    await lab.refused(['report', 'latest', '--lang', 'x']),
    await lab.refused(['report', '--index', '--lang', '../en']),
    await lab.refused(['validate', 'experiments/x.yaml']),
    await lab.refused(['run', 'experiments/x.yaml']),
  ]
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: there are no words in "x": there are en, ko, xx, and a lab may bring reports/strings/LANGUAGE.yaml of its own
    2 benchbook: there are no words in "../en": there are en, ko, xx, and a lab may bring reports/strings/LANGUAGE.yaml of its own
    2 benchbook: experiments/x.yaml:5:21: report.language: there are no words in "yx", did you mean "xx"? there are en, ko, xx, and a lab may bring reports/strings/LANGUAGE.yaml of its own
        report: { language: yx }
    2 benchbook: experiments/x.yaml:5:21: report.language: there are no words in "yx", did you mean "xx"? there are en, ko, xx, and a lab may bring reports/strings/LANGUAGE.yaml of its own
        report: { language: yx }
    "
  `)
  expect(existsSync(lab.at(index))).toBe(false)
})

test('languages are completed', async () => {
  using lab = labWithWords()
  const { stdout } = await lab.run(['complete', '--', 'report', 'latest', '--lang', ''])
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['en', 'xx']))
})
