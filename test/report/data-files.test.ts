import { expect, test } from 'vitest'
import { dataUrl } from '../../lib/report/data-files.ts'
import { eventfulFixture } from './eventful-fixture.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

const fileOf = (data: ReturnType<typeof fixture>, ending: string) => {
  const { href } = viewOf(data).rebuilding.files.find((file) => file.name.endsWith(ending)) ?? { href: '' }
  return decodeURIComponent(href.slice(href.indexOf(',') + 1))
}

test('the matrix as JSON has every value with all its digits, and why one is missing', () => {
  const rows = JSON.parse(fileOf(eventfulFixture(), '.json')) as {
    metric: string
    value: number | null
    valid: boolean
    reason: string
  }[]
  const data = eventfulFixture()
  expect(rows.find((row) => row.metric === 'decode_tps')?.value).toBe(data.trials[0]?.metrics.decode_tps?.value)
  expect(rows.filter((row) => row.value === null).map((row) => row.reason)).toEqual(['failed: crashed'])
  expect(rows.filter((row) => !row.valid && row.value !== null).length).toBeGreaterThan(0)
})

test('the matrix as CSV quotes what needs it and disarms formulas', () => {
  const data = fixture({ models: ['demo'], threads: [1] })
  const named = (name: string) =>
    JSON.parse(JSON.stringify(data).replaceAll('"q4_0"', JSON.stringify(name))) as typeof data
  expect(fileOf(named('a,"b"'), '.csv')).toContain(',"a,""b""",')
  expect(fileOf(named('=SUM(A1)'), '.csv')).toContain(",'=SUM(A1),")
  expect(fileOf(data, '.csv').split('\r\n')[0]).toBe(
    'cell,model,quantization,backend.threads,workload,metric,unit,value,low,high,launches,valid,reason',
  )
})

test('a data link holds any text', async () => {
  const text = `${JSON.stringify([{ a: 'b, c/d |^\\ "e"', '%2C': '#?&=+;:@$' }])}\r\n한글\t`
  expect(await (await fetch(dataUrl('application/json', text))).text()).toBe(text)
  expect(dataUrl('text/csv', 'a "b" <c>\n\ud800')).toBe('data:text/csv;charset=utf-8,a%20%22b%22%20%3Cc%3E%0A%EF%BF%BD')
})

test('the commands name the plan, and a file that every shell takes', () => {
  const data = fixture()
  const named = { ...data, plan: { ...data.plan, experiment: { ...data.plan.experiment, name: '../$(rm -rf ~) x' } } }
  expect(viewOf(named).rebuilding.commands.map((each) => each.command)).toMatchInlineSnapshot(`
    [
      "benchbook run experiments/quickstart.yaml --yes",
      "benchbook report 3f9ac1d2e4b5 --lang en -o rm--rf-x.html",
      "benchbook query "SELECT * FROM v_cell WHERE plan_id = '3f9ac1d2e4b5'"",
    ]
  `)
})

test('digests, artifacts and sessions are there to be checked', () => {
  const { digests, artifacts, sessions, versions } = viewOf(fixture({ models: ['demo'], threads: [1] })).rebuilding
  expect(digests.map((fact) => fact.text.slice(0, 16))).toMatchInlineSnapshot(`
    [
      "3f9ac1d2e4b5",
      "ed4f0b24c4525834",
      "store-digest",
      "00907849f6fd24cf",
      "templates-digest",
    ]
  `)
  expect(artifacts[0]).toMatchInlineSnapshot(`
    {
      "digest": "c5a7da36d40f5e9da2ee53dc11bd78cce13e4b30127a815d11dae1945f1bbe98",
      "facts": "data/models/demo-f16.gguf, llama, F16, 3700000 parameters",
      "name": "demo f16",
      "size": "7.30 MiB",
    }
  `)
  expect(sessions).toMatchInlineSnapshot(`
    [
      "Started 2026-11-20 09:00:05 UTC, ended 2026-11-20 09:01:44 UTC, resumed 0 times.",
    ]
  `)
  expect(versions).toMatchInlineSnapshot(`
    [
      {
        "field": "benchbook",
        "text": "0.1.0 a1b2c3d4e5f6",
      },
      {
        "field": "engine",
        "text": "llama.cpp 3.21.1 b6980",
      },
      {
        "field": "Node",
        "text": "v24.21.0 linux x64",
      },
      {
        "field": "measurement version",
        "text": "1",
      },
    ]
  `)
})
