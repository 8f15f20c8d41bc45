import { expect, test } from 'vitest'
import { chartRuntime } from '../../lib/report/chart-runtime.ts'
import { licenceTexts } from '../../lib/report/licence-texts.ts'

test('the script of charts carries the licence of every package in it, each text once', async () => {
  const script = await chartRuntime()
  const [head = '', ...rest] = script.split('*/')
  expect(head).toMatch(/^\/\*!\n/)
  expect(head.match(/Redistributions in binary form must reproduce the above copyright/gi)?.length).toBeGreaterThan(0)
  for (const name of ['d3-array', 'd3-geo', 'internmap', 'topojson-client', 'vega', 'vega-interpreter'])
    expect(head).toMatch(new RegExp(`\\b${name}\\b`))
  expect(head.match(/University of Washington Interactive Data Lab/g)).toHaveLength(1)
  expect(rest.join('')).toContain('var vega=')
})

test('a file outside of packages has no licence, and a package in a scope is named whole', () => {
  expect(licenceTexts(['lib/report/chart.ts'])).toBe('/*!\n\n*/\n')
  expect(licenceTexts(['node_modules/@huggingface/jinja/dist/index.js'])).toMatch(/^\/\*!\n@huggingface\/jinja\n\n/)
})
