import { expect, test } from 'vitest'
import { reportSettingsOf } from '../../lib/experiment/report-schema.ts'
import { plan, refused } from './fixture.ts'

const text = 'name: x\naxes: { model: [tiny], quantization: [f16], workload: [bench] }\n'

test('what a file says of its report is in its plan, and no cell is another for it', async () => {
  const [silent, korean] = await Promise.all([plan(text), plan(`${text}report: { language: ko }\n`)])
  expect(reportSettingsOf(korean.experiment.text)).toEqual({ language: 'ko', template: 'page' })
  expect(reportSettingsOf(silent.experiment.text)).toEqual({ language: 'en', template: 'page' })
  expect(korean.cells).toEqual(silent.cells)
})

test('a plan whose text says nothing that can be understood has the defaults', () => {
  for (const kept of ['', '[', 'name: x', '[1]', 'report: 1', 'report: { language: ../x }', 'report: { look: odd }'])
    expect(reportSettingsOf(kept), kept).toEqual({ language: 'en', template: 'page' })
})

test('what is no code of a language is refused', async () => {
  expect(await refused(`${text}report: { language: ../en }\n`)).toMatchInlineSnapshot(`
    "x.yaml:3:21: report.language: must be the code of a language, such as en or ko, got "../en"
        report: { language: ../en }"
  `)
  expect(await refused(`${text}report: { langauge: ko }\n`)).toMatchInlineSnapshot(`
    "x.yaml:3:11: report: unknown key "langauge", did you mean "language"?
        report: { langauge: ko }"
  `)
})
