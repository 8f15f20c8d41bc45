import { expect, test } from 'vitest'
import { explainPlan } from '../../lib/experiment/explain-plan.ts'
import { expand, plan } from './fixture.ts'

test('plan --explain says for every field where it came from', async () => {
  const given = { sets: ['load.requests=3'], lab: 'workloads: { bench: { kind: prefill-decode, depth: 4 } }' }
  const source = `name: x
axes: { model: [sole], workload: [bench], backend.threads: [1, 9] }
overrides: [{ when: { workload: bench }, set: { workload.seed: 7 } }]
limits: { stall: 5s }`
  const expanded = await expand(source, given)
  const { cells, skipped } = explainPlan(await plan(source, { expanded }), expanded, [])
  const lines = cells[0]?.fields.map(({ path, value, origin }) =>
    [path, JSON.stringify(value), origin.from, 'where' in origin ? origin.where : ''].join(' ').trim(),
  )
  expect(lines?.join('\n')).toMatchInlineSnapshot(`
    "model "sole" axis x.yaml:2:17
    quantization "q4_0" built-in built-in.yaml:5:47
    backend "llama.cpp" default
    hardware "local" default
    workload "bench" axis x.yaml:2:35
    artifact {"path":"m/sole.gguf"} built-in built-in.yaml:5:47
    model.parameters 7000000000 built-in built-in.yaml:5:23
    backend.kind "llama.cpp" built-in built-in.yaml:7:22
    backend.threads 1 axis x.yaml:2:61
    backend.batchSize 512 default
    backend.contextSize 2048 default
    backend.flashAttention true default
    backend.mmap true default
    hardware.target "local" built-in built-in.yaml:9:20
    hardware.needs.accelerator "cpu" default
    workload.kind "prefill-decode" lab lab.yaml:1:29
    workload.promptTokens 512 default
    workload.outputTokens 128 default
    workload.depth 4 lab lab.yaml:1:52
    workload.seed 7 override x.yaml:3:64
    load.kind "closed" default
    load.clients 1 default
    load.requests 3 --set --set load.requests=3
    warmup.requests 1 default
    limits.load 300000 default
    limits.firstToken 60000 default
    limits.stall 5000 file x.yaml:4:18
    limits.trial 900000 default
    limits.retries 1 default"
  `)
  expect(cells[0]?.axes).toEqual({ model: 'sole', workload: 'bench', 'backend.threads': 1 })
  expect(skipped).toMatchObject([{ reason: 'does-not-fit' }])
})
