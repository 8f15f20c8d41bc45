import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../lib/domain/json.ts'
import { fillPost } from '../../lib/report/fill-post.ts'
import { AskProblem } from '../../lib/report/post-ask.ts'
import { postFigureSpec } from '../../lib/report/post-figure.ts'
import { formatted } from '../experiment/formatted-json.ts'
import { postNames, publishedOf } from './published-of.ts'

const kept = (name: string) => `./__snapshots__/posts/${name}`

describe.each(postNames)('the post %s', (name) => {
  test.each(['en', 'ko'] as const)('reads as it did, in %s', async (language) => {
    const { source, bindings } = await publishedOf(name, language)
    const { body, pins } = fillPost(
      source,
      bindings,
      ({ id, title, subtitle }) => `(chart ${id}: ${title}; ${subtitle})`,
    )
    expect(pins).toEqual([])
    await expect(body).toMatchFileSnapshot(kept(`${name}.${language}.md`))
  })

  test('has every cell of every table as it was printed', async () => {
    const { stored, bindings } = await publishedOf(name, 'en')
    for (const { name: table, columns, rows } of stored.post.tables) {
      const [bound] = bindings.table({ words: [table], options: {} })
      const shown = bound?.rows.map((row) => row.map(({ text }) => text))
      expect(shown).toEqual(rows.map(({ cells }) => columns.map((column) => cells[column.name] || '–')))
    }
  })

  test('draws every chart that it declares from specifications that are kept', async () => {
    const { stored, bindings, template } = await publishedOf(name, 'en')
    expect(bindings.figures.map(({ id }) => id)).toEqual(Object.keys(stored.post.figures))
    for (const figure of bindings.figures) {
      const { config: _, ...spec } = postFigureSpec(figure, template) as JsonObject & { config: unknown }
      await expect(formatted(spec)).toMatchFileSnapshot(kept(`${name}.${figure.id}.vl.json`))
    }
  })
})

test('every chart that a post declares stands in it, in both languages', async () => {
  for (const name of postNames)
    for (const language of ['en', 'ko'] as const) {
      const { source, bindings } = await publishedOf(name, language)
      const { figures } = fillPost(source, bindings, ({ id }) => id)
      expect(figures.map(({ id }) => id).toSorted()).toEqual(bindings.figures.map(({ id }) => id).toSorted())
    }
})

test('what a post does not have is told with what there is', async () => {
  const { bindings } = await publishedOf('openshift-llama2', 'en')
  const said = (options: Record<string, string>) => {
    try {
      return bindings.value({ words: [], options }).text
    } catch (error) {
      if (error instanceof AskProblem) return error.message
      throw error
    }
  }
  const cell = { table: 'costs', row: '7b-g5.2xlarge', column: 'tokens_s' }
  expect([
    said(cell),
    said({ ...cell, unit: 'true' }),
    said({ claim: 'configurations-of-table-2' }),
    said({ claim: 'configurations-of-table-2', of: 'printed' }),
    said({ formula: "at('costs', '7b-g5.12xlarge', 'tokens_s') / at('costs', '7b-g5.2xlarge', 'tokens_s')" }),
    said({ ...cell, table: 'cost' }),
    said({ ...cell, row: '7b' }),
    said({ ...cell, column: 'token_s' }),
    said({ ...cell, digits: '2' }),
    said({ claim: 'price' }),
    said({ formula: "at('costs', 'x', 'tokens_s')" }),
    said({}),
  ]).toMatchInlineSnapshot(`
    [
      "161.3",
      "161.3 tokens/s",
      "6",
      "4",
      "2.09",
      "there is no table cost, did you mean "costs"? there is configurations, costs, load, listed, weights",
      "the table costs has no row 7b: there is 7b-g5.2xlarge, 7b-g5.12xlarge, 13b-g5.12xlarge, 13b-g5.48xlarge, 70b-g5.48xlarge, 70b-p4d.24xlarge",
      "the table costs has no column token_s, did you mean "tokens_s"? there is configuration, model, instance, gpus, usd_per_hour, concurrency, tokens_s, minutes_per_mtok, usd_per_mtok",
      "there is no option digits: there is table, row, column, unit",
      "there is no claim price: there is configurations-of-table-1, configurations-of-table-2, test-duration, one-concurrency, 7b-grows-to-20, 13b-starts-lower, 13b-above-7b, g5.48xlarge-memory, weights-take-most, 70b-latency, p4d-latency, 7b-cheapest, 7b-faster-on-g5.12xlarge, 7b-latency-on-g5.12xlarge, larger-costs-more, larger-writes-better, and cells as table/row/column",
      "the formula names the row "x" of costs: there are 7b-g5.2xlarge, 7b-g5.12xlarge, 13b-g5.12xlarge, 13b-g5.48xlarge, 70b-g5.48xlarge, 70b-p4d.24xlarge",
      "a value of a post is of table, row and column, of a claim, or of a formula: name one of them",
    ]
  `)
})
