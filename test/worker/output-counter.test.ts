import { expect, test } from 'vitest'
import { wordTokenizer } from '../../lib/prompts/tokenizer.ts'
import { exampleRequest } from '../store/example.ts'
import { OutputCounter, type CountedOutput } from '../../lib/worker/output-counter.ts'

const wrote = (output: string) => ({ ...exampleRequest, output })

/** Counts words, and says when. */
function told() {
  const counted: string[] = []
  const count = (text: string) => {
    counted.push(text)
    return wordTokenizer.count(text)
  }
  return { counted, tokenizer: { count } }
}

async function recordsOf(outputs: OutputCounter) {
  const records: (readonly CountedOutput[])[] = []
  for await (const record of outputs.counts()) records.push(record)
  return records
}

test('outputs are counted when the trial has ended, and not before', async () => {
  const { counted, tokenizer } = told()
  const outputs = new OutputCounter(tokenizer)
  outputs.keep(5, wrote('one two'))
  outputs.keep(7, { ...wrote(''), phase: 'warmup' })
  expect(counted).toEqual([])
  const records = await recordsOf(outputs)
  expect(records).toEqual([
    [
      { record: 5, tokens: 2, said: 3 },
      { record: 7, tokens: 0 },
    ],
  ])
  expect(await recordsOf(outputs)).toEqual([])
})

test('more text than is to be kept is counted at once, and none is lost', async () => {
  const { counted, tokenizer } = told()
  const outputs = new OutputCounter(tokenizer, { mostKept: 8 })
  for (const [record, output] of ['one two', 'three four', 'x'].entries()) outputs.keep(record, wrote(output))
  expect(counted).toEqual(['three four'])
  expect((await recordsOf(outputs)).flat().map(({ record, tokens }) => [record, tokens])).toEqual([
    [0, 2],
    [1, 2],
    [2, 1],
  ])
})

test('many come in several records', async () => {
  const outputs = new OutputCounter(wordTokenizer, { perRecord: 2, perTurn: 1 })
  for (let record = 0; record < 5; record += 1) outputs.keep(record, wrote('word'))
  expect((await recordsOf(outputs)).map(({ length }) => length)).toEqual([2, 2, 1])
})
