import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'

const file = (launch = '') => `
name: engines
axes: { model: [m], quantization: [a, b, c], backend: [o, v] }
models: { m: { artifacts: { a: { path: nowhere/m.gguf }, b: { hf: org/name }, c: { ollama: 'llama3.2:1b' } } } }
backends: { o: { kind: ollama }, v: { kind: vllm${launch} } }
workload: { kind: chat, prompts: [Hello], sampling: { maxTokens: 8 } }
`
const skipped = (stdout: string) =>
  (JSON.parse(stdout).skipped as { reason: string; detail: string }[]).map(
    ({ reason, detail }) => `${reason}: ${detail}`,
  )

test('of a server that runs already nothing has to be here: no model, no program, no accelerator', async () => {
  using lab = new CommandLine({
    'experiments/e.yaml': `${file()}hardware: { big: { target: local, needs: { accelerator: metal } } }\n`,
  })
  const args = [
    'plan',
    'experiments/e.yaml',
    '--json',
    '--set',
    'backend.url=http://127.0.0.1:9',
    '--set',
    'hardware=big',
  ]
  const { stdout, stderr } = await lab.run(args, { env: { PATH: '/nowhere' } })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ skipped: [] })
})

test('a plan says which program is not here and what to do, and which engine runs what', async () => {
  using lab = new CommandLine({ 'experiments/e.yaml': file().replace('a, b, c', 'b, c') })
  const { stdout } = await lab.run(['plan', 'experiments/e.yaml', '--json'], { env: { PATH: '/nowhere' } })
  expect(skipped(stdout)).toMatchInlineSnapshot(`
    [
      "format: ollama runs GGUF files and models of the store of Ollama, and the artifact is one of the models in safetensors: name another artifact or another backend",
      "engine-missing: vllm needs the program vllm, which this machine does not have: pip install vllm, or name it under programs.vllm in data/lab.yaml, or attach with --set backend.url=...; experiments/engines.md has more",
      "engine-missing: ollama needs the program ollama, which this machine does not have: see https://ollama.com/download, or name it under programs.ollama in data/lab.yaml, or attach with --set backend.url=...; experiments/engines.md has more",
      "format: vllm runs models in safetensors, and the artifact is one of the models of the store of Ollama: name another artifact or another backend",
    ]
  `)
})

test('a program that the settings name and is none is told', async () => {
  using lab = new CommandLine({
    'experiments/e.yaml': file().replace('a, b, c', 'b').replace('o, v', 'v'),
    'data/lab.yaml': 'programs: { vllm: missing/vllm }\n',
  })
  const { stdout } = await lab.run(['plan', 'experiments/e.yaml', '--json'])
  expect(skipped(stdout).join('')).toMatch(
    /^engine-missing: vllm needs .*missing\/vllm, which programs\.vllm of data\/lab\.yaml names and is no program/,
  )
})

test('options that a launch sets itself are refused with what to do', async () => {
  const launch = ', launch: { args: { port: 8000, served_model_name: x, max-model-len: 512 } }'
  using lab = new CommandLine({ 'experiments/e.yaml': file(launch) })
  expect(await lab.refused(['validate', 'experiments/e.yaml'])).toMatchInlineSnapshot(`
    "2 benchbook: experiments/e.yaml:5:75: backends.v.launch.args.port: is not to be set: set launch.port, or leave it out for one that is free
        …llama }, v: { kind: vllm, launch: { args: { port: 8000, served_model_name: x, max-model-len: 512 } }…
    experiments/e.yaml:5:100: backends.v.launch.args.served_model_name: is not to be set: the name is the model of the cell
        …launch: { args: { port: 8000, served_model_name: x, max-model-len: 512 } } } }
    "
  `)
})

test('so are those of an engine in Python, and variables that a launch sets itself or that hold no text', async () => {
  const text = `
name: engines
axes: { model: [m], backend: [v, t, o] }
models: { m: { artifacts: { a: { hf: org/name } } } }
backends:
  v: { kind: vllm-offline, args: { model: org/other, enable_prefix_caching: true } }
  t: { kind: transformers, args: { torch_dtype: float16 }, env: { A: { b: 1 }, B: 2, C: true } }
  o: { kind: ollama, launch: { env: { OLLAMA_HOST: '0.0.0.0:11434' } } }
workload: { kind: completion, prompts: [Hello], sampling: { maxTokens: 8 } }
`
  using lab = new CommandLine({ 'experiments/e.yaml': text })
  expect(await lab.refused(['validate', 'experiments/e.yaml'])).toMatchInlineSnapshot(`
    "2 benchbook: experiments/e.yaml:6:43: backends.v.args.model: is not to be set: the model is the artifact of the cell
        v: { kind: vllm-offline, args: { model: org/other, enable_prefix_caching: true } }
    experiments/e.yaml:7:49: backends.t.args.torch_dtype: is not to be set: set backend.dtype
        t: { kind: transformers, args: { torch_dtype: float16 }, env: { A: { b: 1 }, B: 2, C: true } }
    experiments/e.yaml:7:70: backends.t.env.A: must be a text, a number, true or false, got {"b":1}
        …ormers, args: { torch_dtype: float16 }, env: { A: { b: 1 }, B: 2, C: true } }
    experiments/e.yaml:8:52: backends.o.launch.env.OLLAMA_HOST: is not to be set: set launch.port, or leave it out for one that is free
        …o: { kind: ollama, launch: { env: { OLLAMA_HOST: '0.0.0.0:11434' } } }
    "
  `)
})
