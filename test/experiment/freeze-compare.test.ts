import { expect, test } from 'vitest'
import { compareNotes } from '../../lib/experiment/freeze-compare.ts'
import { onlyThose } from '../../lib/experiment/only.ts'
import { expand, plan, refused } from './fixture.ts'

const axes = 'axes: { model: [tiny], quantization: [f16, q8_0, q4_0], backend.threads: [1, 2], workload: [write] }'
const comparing = (compare: string, file = axes) => `name: x\n${file}\ncompare: ${compare}\n`
const compareOf = async (text: string) => (await plan(text)).compare

const arm = (quantization: string, threads: number) => `{"backend.threads":${threads},"quantization":"${quantization}"}`
const [f16, q8, q4] = ['f16', 'q8_0', 'q4_0'].map((name) => `{"quantization":"${name}"}`)

test('without pairs each arm is compared with the first, in the order of the file', async () => {
  expect(await compareOf(comparing('{ treatment: [quantization] }'))).toEqual({
    treatment: ['quantization'],
    pairs: [
      { base: f16, against: q8 },
      { base: f16, against: q4 },
    ],
    margins: [
      { metric: 'decode_tps', margin: 0.02 },
      { metric: 'ttft_ms', margin: 0.05 },
    ],
  })
})

test('without metrics the usual ones of what cells ask: speeds first, each with its margin', async () => {
  const several = axes.replace('[write]', '[score, bench, write], load.clients: [2]')
  const { margins } = (await compareOf(comparing('{ treatment: [backend.threads] }', several))) ?? {}
  expect(margins).toEqual([
    { metric: 'output_tps', margin: 0.02 },
    { metric: 'tg_tps', margin: 0.02 },
    { metric: 'pp_tps', margin: 0.02 },
    { metric: 'ttft_ms', margin: 0.05 },
    { metric: 'perplexity', margin: 0.01 },
  ])
})

test('a pair names arms by their treatment; an axis that it leaves out is the same on both sides', async () => {
  const pairs = '[{ base: { quantization: q8_0 }, against: { quantization: q4_0 } }]'
  const both = await compareOf(comparing(`{ treatment: [quantization, backend.threads], pairs: ${pairs} }`))
  expect(both?.pairs).toEqual([
    { base: arm('q8_0', 1), against: arm('q4_0', 1) },
    { base: arm('q8_0', 2), against: arm('q4_0', 2) },
  ])
  const one = await compareOf(comparing(`{ treatment: [quantization], pairs: ${pairs} }`))
  expect(one?.pairs).toEqual([{ base: q8, against: q4 }])
})

test('margins are in the order of the file: percentages, and of what can be 0 differences', async () => {
  const metrics = '{ ttft_ms: 5%, decode_tps: 1.5 %, error_rate: 1%, goodput_share: 0.02, power_w: 3 }'
  const { margins } = (await compareOf(comparing(`{ treatment: [quantization], metrics: ${metrics} }`))) ?? {}
  expect(margins).toEqual([
    { metric: 'ttft_ms', margin: 0.05 },
    { metric: 'decode_tps', margin: 0.015 },
    { metric: 'error_rate', margin: 0.01 },
    { metric: 'goodput_share', margin: 0.02 },
    { metric: 'power_w', margin: 3 },
  ])
})

test('what is compared is part of the plan, and of its id; without it ids are as ever', async () => {
  const text = comparing('{ treatment: [quantization] }')
  const [one, other, none] = await Promise.all([
    plan(text),
    plan(text.replace('[quantization]', '[backend.threads]')),
    plan(`name: x\n${axes}\n`),
  ])
  expect(one.id).not.toBe(other.id)
  expect(none.compare).toBeUndefined()
  expect(none.id).toMatchInlineSnapshot(`"2f27d7533367"`)
})

test('what cannot be compared is told: arms without cells, metrics that no cell can have, one arm alone', async () => {
  const pairs =
    '[{ base: { quantization: f16 }, against: { quantization: q4_0 } }, { base: { quantization: f16 }, against: { quantization: q8_0 } }]'
  const text = comparing(`{ treatment: [quantization], pairs: ${pairs}, metrics: { perplexity: 1%, ttft_ms: 5% } }`)
  const expanded = await expand(text)
  const { compare, cells } = onlyThose(expanded, ['quantization=f16', 'quantization=q8_0'])
  expect(compareNotes(compare, cells)).toEqual([
    'compare: quantization f16 against quantization q4_0 is left out, no cell of quantization q4_0 will run',
    'compare: no cell that will run can have perplexity',
  ])
  expect(compareNotes(compare, expanded.cells)).toHaveLength(1)
  const left = await plan(text, { expanded: { ...expanded, cells } })
  expect(left.compare?.pairs).toEqual([{ base: f16, against: q8 }])
  const alone = onlyThose(await expand(comparing('{ treatment: [quantization] }')), ['quantization=f16'])
  expect(compareNotes(alone.compare, alone.cells)).toEqual([
    'compare: one arm alone will run, so that nothing is compared',
  ])
  expect(compareNotes(undefined, expanded.cells)).toEqual([])
})

test('arms that share no stratum are told', async () => {
  const file = `${axes}\nexclude: [{ quantization: f16, backend.threads: 1 }, { quantization: q4_0, backend.threads: 2 }]`
  const pairs = '[{ base: { quantization: f16 }, against: { quantization: q4_0 } }]'
  const { compare, cells } = await expand(comparing(`{ treatment: [quantization], pairs: ${pairs} }`, file))
  expect(compareNotes(compare, cells)).toEqual([
    'compare: quantization f16 against quantization q4_0 is left out, they share no stratum',
  ])
})

test('a comparison that cannot be meant: every mistake with its place', async () => {
  const text = comparing(`
  treatment: [quantization, backend.threads]
  pairs:
    - { base: { quantization: f16 }, against: { quantization: q4_1 } }
    - { base: { backend.thread: 1 }, against: { backend.threads: 1 } }
    - { base: { backend.threads: 1 }, against: { backend.threads: 1 } }
    - { base: { workload: write }, against: {} }
    - { base: { backend.threads: 1 }, against: { quantization: q8_0, backend.threads: 2 } }`)
  expect(await refused(text)).toMatchInlineSnapshot(`
    "x.yaml:6:63: compare.pairs.0.against.quantization: the axis has no value "q4_1", did you mean "q4_0"?
        …: { quantization: f16 }, against: { quantization: q4_1 } }
    x.yaml:7:17: compare.pairs.1.base: there is no axis "backend.thread", did you mean "backend.threads"?
        - { base: { backend.thread: 1 }, against: { backend.threads: 1 } }
    x.yaml:8:7: compare.pairs.2: an arm against itself: what repeat.aa measures, and no pair
        - { base: { backend.threads: 1 }, against: { backend.threads: 1 } }
    x.yaml:9:17: compare.pairs.3.base: "workload" is no treatment, which is quantization, backend.threads: add it there
        - { base: { workload: write }, against: {} }
    x.yaml:9:45: compare.pairs.3.against: needs a value of quantization or backend.threads
        - { base: { workload: write }, against: {} }
    x.yaml:10:7: compare.pairs.4: "quantization" stands on one side alone: give it to both; an axis on neither is the same on both
        - { base: { backend.threads: 1 }, against: { quantization: q8_0, backend.threads: 2 } }"
  `)
  const metrics = `
  treatment: [quantization]
  metrics: { decode_tp: 2%, ttft_ms: 5, power_w: 2%, cpu_cores: two, tpot_ms: 0%, e2e_ms: 300%, error_rate: 200% }`
  expect(await refused(comparing(metrics))).toMatchInlineSnapshot(`
    "x.yaml:5:14: compare.metrics: unknown key "decode_tp", did you mean "decode_tps"?
        metrics: { decode_tp: 2%, ttft_ms: 5, power_w: 2%, cpu_cores: two, tpot_ms: 0%, e2e_ms: 300%, erro…
    x.yaml:5:38: compare.metrics.ttft_ms: must be a percentage such as 2%; got 5
        metrics: { decode_tp: 2%, ttft_ms: 5, power_w: 2%, cpu_cores: two, tpot_ms: 0%, e2e_ms: 300%, erro…
    x.yaml:5:50: compare.metrics.power_w: can be 0, so that its margin is a difference: must be a number of W such as 2; got "2%"
        metrics: { decode_tp: 2%, ttft_ms: 5, power_w: 2%, cpu_cores: two, tpot_ms: 0%, e2e_ms: 300%, erro…
    x.yaml:5:65: compare.metrics.cpu_cores: can be 0, so that its margin is a difference: must be a number such as 0.1; got "two"
        …ecode_tp: 2%, ttft_ms: 5, power_w: 2%, cpu_cores: two, tpot_ms: 0%, e2e_ms: 300%, error_rate: 200% }
    x.yaml:5:79: compare.metrics.tpot_ms: must be a percentage such as 2%, above 0 and at most 100%; got "0%"
        …ttft_ms: 5, power_w: 2%, cpu_cores: two, tpot_ms: 0%, e2e_ms: 300%, error_rate: 200% }
    x.yaml:5:91: compare.metrics.e2e_ms: must be a percentage such as 2%, above 0 and at most 100%; got "300%"
        …power_w: 2%, cpu_cores: two, tpot_ms: 0%, e2e_ms: 300%, error_rate: 200% }
    x.yaml:5:109: compare.metrics.error_rate: must be percentage points such as 1%, or the same as a number such as 0.01, above 0 and at most 100%; got "200%"
        …ores: two, tpot_ms: 0%, e2e_ms: 300%, error_rate: 200% }"
  `)
  expect(await refused(comparing('{ treatment: [quantization], metrics: {}, pairs: [] }'))).toMatchInlineSnapshot(`
    "x.yaml:3:48: compare.metrics: name at least one metric, such as decode_tps: 2%
        compare: { treatment: [quantization], metrics: {}, pairs: [] }
    x.yaml:3:59: compare.pairs: needs at least one value
        …{ treatment: [quantization], metrics: {}, pairs: [] }"
  `)
})

test('two arms are one comparison, however often and in whichever order they are named', async () => {
  const there = '{ base: { quantization: f16 }, against: { quantization: q8_0 } }'
  const back = '{ base: { quantization: q8_0 }, against: { quantization: f16 } }'
  expect(await refused(comparing(`{ treatment: [quantization], pairs: [${there}, ${back}] }`))).toContain(
    'compare.pairs.1: is there twice, which would count as two comparisons: leave one of them out',
  )
  const wide = '{ base: { backend.threads: 1 }, against: { backend.threads: 2 } }'
  const narrow =
    '{ base: { quantization: f16, backend.threads: 2 }, against: { quantization: f16, backend.threads: 1 } }'
  const found = await compareOf(
    comparing(`{ treatment: [quantization, backend.threads], pairs: [${wide}, ${narrow}] }`),
  )
  expect(found?.pairs).toEqual(['f16', 'q8_0', 'q4_0'].map((name) => ({ base: arm(name, 1), against: arm(name, 2) })))
})

const notesOf = async (file: string) => {
  const { compare, cells, objectives } = await expand(file)
  return compareNotes(compare, cells, objectives)
}

test('a share of good answers needs to be told what a good one is', async () => {
  const text = comparing('{ treatment: [quantization], metrics: { goodput_share: 1%, decode_tps: 2% } }')
  expect(await notesOf(text)).toEqual([
    'compare: goodput_share needs objectives, which say what a good answer is, and the file has none',
  ])
  expect(await notesOf(`${text}objectives: { ttft_ms: 500 }\n`)).toEqual([])
})
