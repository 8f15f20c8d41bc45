import { expect, test } from 'vitest'
import { Lab } from './lab.ts'

// Many short answers to prompts of many lengths: what goes wrong does so where a prompt is taken in beside others.
const words = [
  'def main(',
  'import os',
  'class Foo:',
  'for i in range(',
  'return self.',
  'with open(',
  'if not ',
  'try:',
]
const prompts = Array.from(
  { length: 24 },
  (_, at) => `${words[at % 8]} ${(words[(at * 5 + 3) % 8] ?? '').repeat(1 + (at % 5))}`,
)
const experiment = `name: clients
axes: { load.clients: [1, 8], load.requests: [24, 2000] }
zip: [[load.clients, load.requests]]
models: { m: { artifacts: { q8_0: { path: data/models/demo/demo-q8_0.gguf } } } }
workload:
  kind: completion
  prompts: ${JSON.stringify(prompts)}
  sampling: { maxTokens: 4 }
backends: { llama.cpp: { kind: llama.cpp, contextSize: 256 } }
repeat: { blocks: 1 }
`

test('each of several clients is answered what it would be answered alone', async () => {
  using lab = new Lab({ 'clients.yaml': experiment })
  expect(await lab.run('run', 'experiments/clients.yaml')).toMatchObject({ code: 0 })
  const sql = `SELECT json_extract(t.axes, '$."load.clients"') AS clients, r.prompt_id AS prompt, q.output FROM v_request r
    JOIN v_trial t USING (trial_id) JOIN request q ON q.id = r.request_id WHERE r.phase = 'measured'`
  const { rows } = JSON.parse((await lab.run('query', sql, '--json')).stdout) as { rows: Row[] }
  const alone = new Map(rows.filter(({ clients }) => clients === 1).map(({ prompt, output }) => [prompt, output]))
  expect(alone.size).toBe(24)
  expect(new Set(alone.values()).size).toBeGreaterThan(12)
  const together = rows.filter(({ clients }) => clients === 8)
  expect(together).toHaveLength(2000)
  expect(together.filter(({ prompt, output }) => output !== alone.get(prompt))).toEqual([])
})

type Row = { clients: number; prompt: string; output: string }
