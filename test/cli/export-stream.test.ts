import { readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readRecording } from '../../lib/emulator/read-recording.ts'
import { recordedText } from '../../lib/backend/recorded-text.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { commitAll, exampleRequest, loaded, startedPlan, trialRecords } from '../store/example.ts'
import { CommandLine } from './command-line.ts'

const vllm = readFileSync('data/streams/vllm-chat.http')
const stream = {
  deltasUs: [1500, 20, 3000],
  lengths: [100, 600, vllm.length - 700],
  bytes: deflateRawSync(vllm).toString('base64'),
}

/** A lab whose second request, the first after warm-up, has its answer kept, and the one before it too. */
function labWithAnswer(): CommandLine {
  const lab = new CommandLine()
  using store = openStore({ file: lab.store, mode: 'write' })
  const { launchId } = startedPlan(store)
  const requests = [
    { ...exampleRequest, phase: 'warmup' as const, stream },
    { ...exampleRequest, stream },
    exampleRequest,
  ]
  commitAll(store, launchId, [loaded, ...trialRecords(1, requests)])
  return lab
}

test('an answer that was kept is written as emulate --replay reads it, with its times', async () => {
  using lab = labWithAnswer()
  const exported = await lab.run(['export', 'request:2', '-o', 'answer.json'])
  expect(exported.stdout + exported.stderr).toMatchInlineSnapshot(`
    "answer.json
    replay it with  benchbook emulate --replay answer.json  (--feel as well: here, in this terminal)
    "
  `)
  const recording = readRecording(lab.at('answer.json'))
  expect(recording.map(({ atUs, bytes }) => [atUs, bytes.length])).toEqual([
    [1500, 100],
    [1520, 600],
    [4520, vllm.length - 700],
  ])
  const text = recordedText(recording).map((said) => said.text)
  expect(text.join('')).toBe('The ferry leaves at nine, and the last one back at dusk.')
  const felt = await lab.run(['emulate', '--feel', '--replay', 'answer.json'])
  expect(felt.stdout).toContain('The ferry leaves at nine, and the last one back at dusk.')
  const printed = await lab.run(['export', 'request:2', '-o', '-'])
  expect(JSON.parse(printed.stdout)).toEqual(stream)
  expect(JSON.parse((await lab.run(['export', 'request:2', '-o', 'a.json', '--json'])).stdout)).toMatchObject({
    exported: 'a.json',
  })
})

test('show says that answers were kept, and names one that was measured', async () => {
  using lab = labWithAnswer()
  const { stdout } = await lab.run(['show', 'latest'])
  expect(stdout.split('\n').filter((line) => line.includes('kept'))).toMatchInlineSnapshot(`
    [
      "2 answers were kept as they came: benchbook export request:2 -o answer.json, then benchbook emulate --replay answer.json",
    ]
  `)
})

test('what no answer can be had by', async () => {
  using lab = labWithAnswer()
  const lines = [
    ['request:3', '-o', 'x.json'],
    ['request:99', '-o', 'x.json'],
    ['request:', '-o', 'x.json'],
    ['request:2', '-o', 'x.csv'],
    ['request:2', '-o', 'x.json', '--format', 'parquet'],
  ]
  const said: string[] = []
  for (const line of lines) said.push(await lab.refused(['export', ...line]))
  expect(said.join('')).toMatchInlineSnapshot(`
    "2 benchbook: the answer to request 3 is not kept in /lab/data/benchbook.db: an experiment keeps them with keepStreams: true; \`benchbook query "SELECT request FROM stream"\` lists those that are
    2 benchbook: the answer to request 99 is not kept in /lab/data/benchbook.db: an experiment keeps them with keepStreams: true; \`benchbook query "SELECT request FROM stream"\` lists those that are
    2 benchbook: request: is no request: give its number, such as request:12
    2 benchbook: an answer is exported as JSON: let the file end in .json, or say --format json
    2 benchbook: an answer is exported as JSON: let the file end in .json, or say --format json
    "
  `)
})
