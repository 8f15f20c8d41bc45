import { describe, expect, test } from 'vitest'
import { eventfulFixture } from './eventful-fixture.ts'
import { fixture, withTrials } from './fixture.ts'
import { sentenceOf, viewOf } from './view.ts'

describe('the answer', () => {
  test('says of one block what was seen and that it is no verdict', () => {
    expect(sentenceOf(fixture())).toMatchInlineSnapshot(
      `"Seen once, no verdict: on random-50m at 2 threads, *q4_0 decoded 1.99 times as fast as f16*; perplexity of demo is 0.74 % worse."`,
    )
    expect(viewOf(fixture()).answer.note).toMatchInlineSnapshot(
      `"One block cannot tell this from noise: it says what happened, not what would happen again. Ten blocks (run --blocks 10) would."`,
    )
  })

  test('has an interval over blocks, and is still no verdict where nothing was declared', () => {
    expect(sentenceOf(fixture({ blocks: 10 }))).toMatchInlineSnapshot(
      `"Seen in 10 blocks, no verdict: on random-50m at 2 threads, *q4_0 decoded 1.95 times as fast as f16* (95 % interval of the ratio 1.93 to 1.97); perplexity of demo is 0.74 % worse."`,
    )
    expect(viewOf(fixture({ blocks: 10 })).answer.note).toMatchInlineSnapshot(
      `"The experiment declared no comparison beforehand, so 10 blocks make this an observation with an interval, not a verdict."`,
    )
  })

  test('takes speed and quality from one model where there is one', () => {
    expect(sentenceOf(fixture({ models: ['demo'], threads: [1] }))).toMatchInlineSnapshot(
      `"Seen once, no verdict: on demo, *q4_0 decoded 1.99 times as fast as f16*; perplexity is 0.74 % worse."`,
    )
  })

  test('says nothing of quality where only random weights were measured', () => {
    expect(sentenceOf(fixture({ models: ['random-50m'] }))).toMatchInlineSnapshot(
      `"Seen once, no verdict: on random-50m at 1 thread, *q4_0 decoded 2.00 times as fast as f16*."`,
    )
  })

  test('answers with perplexity where that is all there is', () => {
    expect(sentenceOf(fixture({ models: ['demo'], threads: [1], workloads: ['quality'] }))).toMatchInlineSnapshot(
      `"Seen once, no verdict: on demo, *the perplexity of q4_0 is 0.74 % worse than that of f16*."`,
    )
  })

  test('says slower in percent', () => {
    const data = withTrials(
      fixture({ models: ['random-50m'], threads: [1] }),
      (_, cell) => cell.config.quantization !== 'f16',
      {
        metrics: { decode_tps: { value: 200 } },
      },
    )
    expect(sentenceOf(data)).toMatchInlineSnapshot(
      `"Seen once, no verdict: on random-50m, *q8_0 decoded 5.2 % slower than f16*."`,
    )
  })

  test('says when it rests on invalid trials only', () => {
    const data = withTrials(fixture({ models: ['demo'], threads: [1] }), () => true, {
      invalid: [{ reason: 'contention', detail: '0.4 cores busy elsewhere' }],
    })
    expect(sentenceOf(data)).toMatchInlineSnapshot(
      `"Seen in invalid trials only, no verdict: on demo, *q4_0 decoded 1.99 times as fast as f16*; perplexity is 0.74 % worse."`,
    )
  })

  test('leaves invalid trials out where there are valid ones', () => {
    const clean = fixture({ models: ['random-50m'], threads: [1], blocks: 3 })
    const slow = { ...clean.trials[0]?.metrics, decode_tps: { value: 1 } }
    const data = withTrials(clean, (trial) => trial.id === 1, {
      metrics: slow,
      invalid: [{ reason: 'throttled', detail: '' }],
    })
    const without = { ...clean, trials: clean.trials.filter((trial) => trial.id !== 1) }
    expect(sentenceOf(data)).toBe(sentenceOf(without))
  })

  test('of one cell says that there is nothing to compare it with', () => {
    const data = fixture({ models: ['demo'], threads: [1], workloads: ['decode'] })
    const [cell] = data.plan.cells
    const one = {
      ...data,
      plan: { ...data.plan, cells: data.plan.cells.slice(0, 1) },
      trials: data.trials.filter((trial) => trial.cellId === cell?.id),
    }
    expect(sentenceOf(one)).toMatchInlineSnapshot(
      `"demo · f16 decoded 2 742 tokens/s. There is nothing to compare it with."`,
    )
  })

  test('before anything ran says so', () => {
    const data = fixture()
    const planned = {
      ...withTrials(data, () => true, { status: 'pending', metrics: {} }),
      requests: [],
      manifests: {},
      sessions: [],
    }
    expect(sentenceOf(planned)).toMatchInlineSnapshot(`"Nothing has been measured yet: 18 trials are still to run."`)
    expect(viewOf(planned).head.kicker).toMatchInlineSnapshot(`"quickstart · not measured yet"`)
  })

  test('where all failed says why', () => {
    const failed = withTrials(fixture(), () => true, { status: 'failed', reason: 'crashed', metrics: {} })
    const data = withTrials(failed, (trial) => trial.id < 4, { reason: 'out-of-memory' })
    expect(sentenceOf(data)).toMatchInlineSnapshot(
      `"No answer: all 18 trials failed. Reasons: crashed (15), out of memory (3)."`,
    )
  })

  test('of a plan without cells is that nothing was measured', () => {
    const data = fixture()
    const empty = {
      ...data,
      plan: { ...data.plan, cells: [], launches: [] },
      launches: [],
      trials: [],
      requests: [],
      manifests: {},
      artifacts: {},
    }
    expect(sentenceOf(empty)).toMatchInlineSnapshot(`"Nothing was measured: the plan has no cell that can run."`)
  })

  test('keeps the chart of what it says beside it', () => {
    const { answerFigures, figures } = viewOf(eventfulFixture())
    expect(answerFigures.map((figure) => figure.title)).toMatchInlineSnapshot(`
      [
        "q4_0 decodes fastest on random-50m: 1.95 to 1.99 × f16 (invalid ones left out)",
      ]
    `)
    expect(figures.map((figure) => figure.title)).toMatchInlineSnapshot(`
      [
        "q4_0 decodes fastest on demo: 1.97 to 1.98 × f16",
        "f16 on random-50m takes most memory, 151 MiB; q4_0 least, 72.6 MiB",
        "q4_0: 1.98 × the speed of f16 for 0.74 % more perplexity",
        "q4_0 has the shortest TTFT on demo: half of its requests take 0.102 to 0.166 ms or less",
        "q4_0 has the shortest TTFT on random-50m: half of its requests take 1.32 to 2.10 ms or less",
        "q4_0 has the shortest TPOT on demo: half of its requests take 0.113 to 0.185 ms or less",
        "q4_0 has the shortest TPOT on random-50m: half of its requests take 1.46 to 2.33 ms or less",
        "TTFT on demo, request by request",
        "TTFT on random-50m, request by request",
        "E2E on demo, request by request",
        "E2E on random-50m, request by request",
        "decode on demo, request by request",
        "decode on random-50m, request by request",
      ]
    `)
  })
})
