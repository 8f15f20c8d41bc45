import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { fillChart } from '../../lib/report/chart.ts'
import { staticChart } from '../../lib/report/static-chart.ts'
import { chartPng } from '../../lib/report/chart-png.ts'
import { planCharts } from '../../lib/report/plan-charts.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { fixture } from './fixture.ts'

const style = ':root { --ink: #1b1b1a; --arm-1: #0072b2 }\n@media x { }'

function labelled(label: string) {
  return fillChart(
    {
      data: { values: '$rows' },
      width: 200,
      mark: { type: 'text', fill: 'currentColor', fontSize: 14 },
      encoding: { y: { field: 'label', type: 'nominal' }, text: { field: 'label' } },
      config: { font: 'system-ui, sans-serif' },
    },
    { rows: [{ label }] },
  )
}

test('a static chart has colours of its own and a white ground', async () => {
  const svg = await staticChart(labelled('RTX 3060'), style)
  expect(svg).toMatch(/<rect width="\d+" height="\d+" fill="#ffffff"/)
  expect(svg).toContain('fill="#1b1b1a"')
  expect(svg).not.toMatch(/currentColor|var\(/)
})

test('every chart of a report can be drawn as a PNG of twice its size', async () => {
  const files = await loadTemplates()
  for (const { spec } of planCharts(fixture(), files)) {
    const svg = await staticChart(spec, files.style)
    const [, width] = /width="([\d.]+)"/.exec(svg) ?? []
    expect(widthOf(chartPng(svg))).toBe(Math.round(2 * Number(width)))
  }
})

test('a label that names a colour stays that label', async () => {
  for (const label of ['currentColor', 'var(--arm-1)'])
    expect(await staticChart(labelled(label), style)).toContain(`>${label}</text>`)
})

test('Hangul is drawn, each syllable in its own shape, and a thin space is no hole in the face', async () => {
  const drawn = async (label: string) => digest(chartPng(await staticChart(labelled(label), style)))
  const syllables = await Promise.all(['양', '자', '화', '\u{10ffff}'].map(drawn))
  expect(new Set(syllables).size).toBe(4)
  const thin = await staticChart(labelled('1\u202f599'), style)
  expect(digest(chartPng(thin))).toBe(digest(chartPng(thin.replaceAll('\u202f', '\u00a0'))))
})

test('a PNG has the same bytes in another time zone, language, home and folder', async () => {
  const svg = await staticChart(labelled('가격 1\u202f599 달러'), style)
  const here = digest(chartPng(svg))
  const script = `import { createHash } from 'node:crypto'
    const { chartPng } = await import(${JSON.stringify(resolve('lib/report/chart-png.ts'))})
    process.stdout.write(createHash('sha256').update(chartPng(process.env.SVG)).digest('hex'))`
  for (const env of [
    { TZ: 'Asia/Seoul', LANG: 'ko_KR.UTF-8', HOME: tmpdir() },
    { TZ: 'America/St_Johns', LC_ALL: 'C', HOME: join(tmpdir(), 'none') },
  ])
    expect(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: tmpdir(),
        env: { ...env, SVG: svg },
        encoding: 'utf8',
      }),
    ).toBe(here)
})

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const widthOf = (png: Uint8Array) => Buffer.from(png).readUInt32BE(16)
