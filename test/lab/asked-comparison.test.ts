import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../lib/domain/json.ts'
import type { Plan } from '../../lib/domain/plan.ts'
import { armOf } from '../../lib/experiment/arm.ts'
import { askedComparison, type AskedText } from '../../lib/lab/asked-comparison.ts'
import { exampleCell, examplePlan } from '../store/example.ts'

type Part = Pick<Plan, 'cells' | 'compare'>
const [chat] = examplePlan().cells.map(({ config }) => config.workload)

/** A plan of chat cells, one of each combination of values. */
function planOf(values: Readonly<Record<string, readonly JsonValue[]>>, treatment?: readonly string[]): Part {
  let all: Record<string, JsonValue>[] = [{}]
  for (const [axis, some] of Object.entries(values))
    all = all.flatMap((axes) => some.map((value) => ({ ...axes, [axis]: value })))
  if (chat === undefined) throw new Error('the example has no chat')
  const cells = all.map((axes, at) => ({
    ...exampleCell('f16', chat),
    id: at.toString(16).padStart(2, '0').repeat(32),
    axes,
    ...armOf(axes, treatment),
  }))
  const margins = [{ metric: 'decode_tps' as const, margin: 0.02 }]
  return { cells, ...(treatment && { compare: { treatment, pairs: [], margins } }) }
}
const quantized = planOf({ quantization: ['f16', 'q4_0', 'q8_0'], 'backend.threads': [1, 2] }, ['quantization'])

function refusal(plan: Part, asked: AskedText): string {
  try {
    askedComparison(plan, asked)
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'no error'
  }
  return 'not refused'
}

describe('arms', () => {
  const pair = { base: '{"quantization":"f16"}', against: '{"quantization":"q4_0"}' }

  test.each([
    [['f16', 'q4_0']],
    [['quantization=f16', 'quantization=q4_0']],
    [['quantization=f16', 'q4_0']],
    [['000000', '02020202']],
  ])('%j', (arms) => {
    expect(askedComparison(quantized, { arms })).toEqual({ arms: [pair] })
  })

  test('what is not named is the same on both sides: several pairs', () => {
    const plan = planOf({ quantization: ['f16', 'q4_0'], 'backend.threads': [1, 2], workload: ['chat'] })
    const { arms } = askedComparison(plan, { arms: ['threads=1', 'threads=2'] })
    expect(arms).toEqual(
      ['f16', 'q4_0'].map((quantization) => ({
        base: `{"backend.threads":1,"quantization":"${quantization}"}`,
        against: `{"backend.threads":2,"quantization":"${quantization}"}`,
      })),
    )
    const { arms: one } = askedComparison(plan, {
      arms: ['threads=1,quantization=f16', 'quantization=q4_0,threads=2'],
    })
    expect(one).toEqual([
      { base: '{"backend.threads":1,"quantization":"f16"}', against: '{"backend.threads":2,"quantization":"q4_0"}' },
    ])
  })

  test('a value that two axes have says which', () => {
    const plan = planOf({ 'backend.cacheTypeK': ['f16', 'q8_0'], quantization: ['f16', 'q8_0'] })
    expect(refusal(plan, { arms: ['f16', 'q8_0'] })).toMatchInlineSnapshot(
      `"UserError: --arms f16: it is a value of backend.cacheTypeK and of quantization: say which, as in backend.cacheTypeK=f16"`,
    )
    expect(askedComparison(plan, { arms: ['cacheTypeK=f16', 'cacheTypeK=q8_0'] }).arms).toHaveLength(2)
  })

  test.each<[string, readonly string[], string]>([
    ['one', ['f16'], '--arms takes two, the first is what the second is held against, such as --arms fp16 awq; got 1'],
    ['a near miss', ['f16', 'q4-0'], '--arms q4-0: no arm has such a value, did you mean "q4_0"?'],
    ['nothing like it', ['f16', 'awq'], '--arms awq: no arm has such a value; there is f16, q4_0, q8_0'],
    [
      'an axis',
      ['quant=f16', 'q4_0'],
      '--arms quant=f16: there is no axis "quant"; axes here: quantization, backend.threads',
    ],
    [
      'a value of an axis',
      ['f16', 'quantization=q4'],
      '--arms quantization=q4: quantization has no such value; there is f16, q4_0, q8_0',
    ],
    [
      'itself',
      ['f16', 'quantization=f16'],
      '--arms f16 quantization=f16: both are one arm; what an arm does against itself is repeat.aa',
    ],
    [
      'what is no treatment',
      ['threads=1', 'threads=2'],
      '--arms threads=1: backend.threads is no treatment of this plan, so that its values never shared a block; the treatment is quantization. For a verdict declare it: compare: { treatment: [backend.threads] }',
    ],
    [
      'hostile text',
      ['f16', '\u001b[2J\u202e'],
      '--arms \\u{1b}[2J\\u{202e}: no arm has such a value; there is f16, q4_0, q8_0',
    ],
  ])('%s is refused', (_, arms, message) => {
    expect(refusal(quantized, { arms })).toBe(`UserError: ${message}`)
  })

  test('what is asked, or when, makes no arms', () => {
    const plan = planOf({ quantization: ['f16'], 'load.clients': [1, 4] })
    expect(refusal(plan, { arms: ['load.clients=1', 'load.clients=4'] })).toBe(
      'UserError: --arms load.clients=1: load.clients says what is asked or when, which makes no arms',
    )
  })
})

describe('metrics and margins', () => {
  test('a margin alone is of every declared metric, a named one of its own', () => {
    expect(askedComparison(quantized, { margins: ['3%'] })).toEqual({ margins: { decode_tps: 0.03 } })
    expect(
      askedComparison(quantized, { metrics: ['ttft_ms', 'goodput_share'], margins: ['3%', 'goodput_share=0.5%'] }),
    ).toEqual({ metrics: ['ttft_ms', 'goodput_share'], margins: { ttft_ms: 0.03, goodput_share: 0.005 } })
    expect(askedComparison(quantized, { metrics: ['power_w'], margins: ['power_w=5'] })).toEqual({
      metrics: ['power_w'],
      margins: { power_w: 5 },
    })
  })

  test('all that is wrong is told at once', () => {
    const asked = {
      arms: ['f16'],
      metrics: ['decode-tps', 'perplexity', 'power_w'],
      margins: ['2', 'ttft=2%', 'decode_tps=0%', 'decode_tps=1e3%'],
    }
    expect(refusal(quantized, asked)).toMatchInlineSnapshot(`
      "UserError: --arms takes two, the first is what the second is held against, such as --arms fp16 awq; got 1
      --metric decode-tps: there is no such metric, did you mean "decode_tps"?
      --metric perplexity: no cell of this plan can have it
      --margin 2: of which metric? Say --metric, or --margin decode_tps=2%
      --margin ttft=2%: there is no metric "ttft", did you mean "ttft_ms"?
      --margin decode_tps=0%: the margin of decode_tps is a percentage above 0 and at most 100%, such as 2%
      --margin decode_tps=1e3%: the margin of decode_tps is a percentage above 0 and at most 100%, such as 2%
      --metric power_w: nobody can say what is little of it: add --margin power_w=0.5"
    `)
  })

  test('a margin without its sign of percent is not guessed at', () => {
    expect(refusal(quantized, { margins: ['0.02'] })).toBe(
      'UserError: --margin 0.02: the margin of decode_tps is a percentage above 0 and at most 100%, such as 2%',
    )
    expect(refusal(quantized, { metrics: ['power_w'], margins: ['power_w=5%'] })).toContain(
      'the margin of power_w is a number above 0, in W, such as 0.5',
    )
  })
})
