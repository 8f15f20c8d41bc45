import { expect, test } from 'vitest'
import { Lab } from './lab.ts'

const tokenizer = 'data/models/demo/hf/tokenizer.json'
const embedded = `name: lengths
axes: { model: [demo], quantization: [q4_0] }
workload:
  kind: completion
  prompts: { mix: [{ tokens: 32, outputTokens: 5 }, { tokens: 64, outputTokens: 11 }], count: 6, tokenizer: ${tokenizer} }
load: { requests: 6 }
repeat: { blocks: 1 }
`
const counted = `name: counted
axes: { model: [emulated], backend: [count], backend.usage: [honest, wrong, none] }
backends: { count: { kind: emulator, firstTokenMs: 1, tokenMs: 0.1, tokenizer: words } }
workload: { kind: chat, prompts: { synthetic: { tokens: 20, outputTokens: 40, count: 10 } } }
load: { clients: 2, requests: 10 }
repeat: { blocks: 1 }
`
const talks = `name: talks
axes: { model: [emulated], backend: [emulator] }
workload:
  kind: chat
  order: client
  sampling: { maxTokens: 4 }
  prompts: [{ id: long, text: Hello, then: [And?, Why?] }, { id: short, text: Bye }]
load: { clients: 2, requests: 16 }
repeat: { blocks: 1 }
`

async function rowsOf<T>(lab: Lab, sql: string): Promise<T[]> {
  return (JSON.parse((await lab.run('query', sql, '--json')).stdout) as { rows: T[] }).rows
}

test('the embedded engine takes in as many tokens as are stated, and BOS, and writes as many as each prompt asks for', async () => {
  using lab = new Lab({ 'lengths.yaml': embedded })
  await lab.run('run', 'experiments/lengths.yaml')
  const sql = `SELECT DISTINCT prompt_tokens, output_tokens FROM v_request WHERE phase = 'measured' ORDER BY 1`
  expect(await rowsOf(lab, sql)).toEqual([
    { prompt_tokens: 33, output_tokens: 5 },
    { prompt_tokens: 65, output_tokens: 11 },
  ])
})

test('outputs are counted beside the server, in its place where it says nothing, and a lie makes a trial invalid', async () => {
  using lab = new Lab({ 'counted.yaml': counted })
  await lab.run('run', 'experiments/counted.yaml')
  const sql = `SELECT json_extract(t.axes, '$."backend.usage"') AS said, r.tokens_from, sum(r.output_tokens) AS output,
    sum(r.counted_tokens) AS counted, instr(coalesce(x.invalid, ''), 'token-count') > 0 AS lies FROM v_request r
    JOIN v_trial t USING (trial_id) JOIN trial x ON x.id = trial_id WHERE r.phase = 'measured' GROUP BY said, r.tokens_from ORDER BY said`
  expect(await rowsOf(lab, sql)).toEqual([
    { said: 'honest', tokens_from: 'usage', output: 400, counted: 400, lies: 0 },
    { said: 'none', tokens_from: 'tokenizer', output: 400, counted: null, lies: 0 },
    { said: 'wrong', tokens_from: 'usage', output: 600, counted: 400, lies: 1 },
  ])
})

test('each client has every conversation, one turn after the other', async () => {
  using lab = new Lab({ 'talks.yaml': talks })
  await lab.run('run', 'experiments/talks.yaml')
  const sql = `SELECT client, group_concat(prompt_id, ' ') AS prompts FROM (
    SELECT * FROM v_request WHERE phase = 'measured' AND status = 'ok' ORDER BY client, sent_us) GROUP BY client`
  for (const { prompts } of await rowsOf<{ prompts: string }>(lab, sql))
    expect(` ${prompts}`).toMatch(/^( long| long long)?( short| long long long)*( long| long long)?$/)
})
