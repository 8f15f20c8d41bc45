import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { smallModel } from '../artifact/small-gguf.ts'
import { sha256 } from '../hub/hub-server.ts'
import { farLab, putOllama } from './far-lab.ts'

test('models pull fetches what the catalogue names, list says where it is, and rm removes it', async () => {
  await using far = await farLab()
  expect(await far.list()).toMatchInlineSnapshot(`
    [
      "far          q4_0                                     not here: hf:org/far-GGUF@main/far-q4_0.gguf",
      "far          pinned                                   not here: hf/hub/models--org--far-GGUF/snapshots/COMMIT/far-q4_0.gguf",
      "far          lama                                     not here: ollama:lama:1b",
    ]
  `)
  const pulled = await far.run('models pull far q4_0')
  expect(pulled).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "0 MB of 0 MB (0 %): far-q4_0.gguf
    0 MB of 0 MB (100 %): far-q4_0.gguf
    ",
      "stdout": "hf:org/far-GGUF@main/far-q4_0.gguf: here, 0 MB
    ",
    }
  `)
  expect(await far.list()).toMatchInlineSnapshot(`
    [
      "far          q4_0       0.0M   5.86    0 MB           hf/hub/models--org--far-GGUF/snapshots/COMMIT/far-q4_0.gguf",
      "far          pinned     0.0M   5.86    0 MB           hf/hub/models--org--far-GGUF/snapshots/COMMIT/far-q4_0.gguf",
      "far          lama                                     not here: ollama:lama:1b",
    ]
  `)
  expect((await far.run('models pull far pinned hf:org/far-GGUF/far-q4_0.gguf')).stdout).toMatchInlineSnapshot(`
    "hf:org/far-GGUF@COMMIT/far-q4_0.gguf: was here, 0 MB
    hf:org/far-GGUF@main/far-q4_0.gguf: was here, 0 MB
    "
  `)
  expect(JSON.parse((await far.run('models pull far q4_0 --offline --json')).stdout)).toEqual({
    benchbook: 1,
    pulled: [{ name: 'hf:org/far-GGUF@main/far-q4_0.gguf', bytes: 564, fetchedBytes: 0 }],
  })
  expect((await far.run('models rm far q4_0')).stderr).toMatchInlineSnapshot(`
    "benchbook: would remove /lab/hf/hub/models--org--far-GGUF/snapshots/COMMIT/far-q4_0.gguf (0 MB): say --yes where nobody can be asked
    "
  `)
  expect((await far.run('models rm hf:org/far-GGUF --yes')).stdout).toMatchInlineSnapshot(`
    "removed /lab/hf/hub/models--org--far-GGUF/snapshots/COMMIT (0 MB)
    "
  `)
  expect((await far.run('models rm far pinned --yes')).stdout).toMatchInlineSnapshot(`
    "hf:org/far-GGUF@COMMIT/far-q4_0.gguf is not there
    "
  `)
  far.lab.write('hf/hub/models--org--far-GGUF/blobs/abc.benchbook.incomplete', Buffer.alloc(2e6))
  expect(await far.list()).toMatchInlineSnapshot(`
    [
      "far                   q4_0                                     half here (2 MB): hf:org/far-GGUF@main/far-q4_0.gguf",
      "far                   pinned                                   half here (2 MB): hf/hub/models--org--far-GGUF/snapshots/COMMIT/far-q4_0.gguf",
      "far                   lama                                     not here: ollama:lama:1b",
      "hf:org/far-GGUF@main  -                                        half here (2 MB): hf:org/far-GGUF@main",
    ]
  `)
})

test('plan and validate do without a network and without the file, and run refuses before anything starts', async () => {
  await using far = await farLab()
  const dead = { HF_ENDPOINT: 'http://127.0.0.1:1' }
  for (const env of [{}, dead, { HF_HUB_OFFLINE: '1' }]) {
    const planned = await far.run('plan experiments/far.yaml', env)
    expect(planned.stderr).toBe('')
    expect(planned.stdout.split('\n').filter((line) => line.startsWith('note'))).toMatchSnapshot()
    expect((await far.run('validate experiments/far.yaml', env)).exitCode).toBe(0)
  }
  expect(await far.run('run experiments/far.yaml')).toMatchInlineSnapshot(`
    {
      "exitCode": 4,
      "stderr": "benchbook: not here yet: hf:org/far-GGUF@main/far-q4_0.gguf (0 MB), hf:org/far-GGUF@COMMIT/far-q4_0.gguf (0 MB). Fetch it with benchbook models pull hf:org/far-GGUF@main/far-q4_0.gguf hf:org/far-GGUF@COMMIT/far-q4_0.gguf, or say --yes
    ",
      "stdout": "",
    }
  `)
  expect(await far.run('run experiments/far.yaml --yes', dead)).toMatchInlineSnapshot(`
    {
      "exitCode": 4,
      "stderr": "benchbook: cannot reach 127.0.0.1:1 (no answer): look at the network, or at HF_ENDPOINT; what is here already needs neither
    ",
      "stdout": "",
    }
  `)
  expect(await far.run('run experiments/far.yaml --yes --offline')).toMatchInlineSnapshot(`
    {
      "exitCode": 4,
      "stderr": "benchbook: hf:org/far-GGUF@main/far-q4_0.gguf is not here, and nothing may be fetched (--offline, HF_HUB_OFFLINE): fetch it with benchbook models pull hf:org/far-GGUF@main/far-q4_0.gguf where there is a network
    ",
      "stdout": "",
    }
  `)
})

test("a cell of the hub has one id before the download, after it, and where a branch's name or its commit is written", async () => {
  await using far = await farLab()
  const ids = async () => {
    const { cells } = JSON.parse((await far.run('plan experiments/far.yaml --json')).stdout) as {
      cells: { artifact: { digest: string; bytes?: number; commit: string }; id: string }[]
    }
    return cells
  }
  const before = await ids()
  await far.run('models pull far q4_0')
  const after = await ids()
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  expect(before.map(({ artifact }) => artifact.bytes)).toEqual([undefined, undefined])
  expect(after.map(({ artifact }) => artifact.bytes)).toEqual([564, 564])
  expect(new Set(after.map(({ artifact }) => artifact.digest)).size).toBe(1)
})

test("a model in Ollama's store is its GGUF file, by that file's digest", async () => {
  await using far = await farLab()
  const planned = async () => {
    const { stdout } = await far.run('plan experiments/far.yaml --set quantization=lama --json')
    const { cells, notes = [] } = JSON.parse(stdout) as { cells: { artifact: object }[]; notes?: string[] }
    return { artifact: cells[0]?.artifact, notes }
  }
  expect((await planned()).notes).toMatchInlineSnapshot(`
    [
      "ollama:lama:1b is not here, its size unknown: run fetches it after asking, or benchbook models pull ollama:lama:1b; its cells have other ids then",
    ]
  `)
  putOllama(far.lab)
  const here = await planned()
  expect(here.notes).toEqual([])
  expect(here.artifact).toMatchObject({ digest: sha256(smallModel()), bytes: 564, description: { fileType: 'Q4_0' } })
  expect(await far.list()).toMatchInlineSnapshot(`
    [
      "far          q4_0                                     not here: hf:org/far-GGUF@main/far-q4_0.gguf",
      "far          pinned                                   not here: hf/hub/models--org--far-GGUF/snapshots/COMMIT/far-q4_0.gguf",
      "far          lama       0.0M   5.86    0 MB           ollama/blobs/sha256-f8beac5bb96f5e99078a34ab1bb4d5f50a4c08f7b0c3d0104812b152c087d040",
    ]
  `)
})

test("Ollama's own program fetches and removes what is in its store", async () => {
  await using far = await farLab()
  const path = far.lab.at('bin/ollama')
  expect((await far.run('models pull ollama:lama:1b', { PATH: '/usr/bin:/bin' })).stderr).toMatchInlineSnapshot(`
    "benchbook: ollama:lama:1b is for Ollama's own program, which is not here: install it (see https://ollama.com/download), or name it under programs.ollama in data/lab.yaml
    "
  `)
  mkdirSync(dirname(path))
  writeFileSync(path, `#!/bin/sh\necho "$@" >> ${join(far.lab.root, 'asked')}\ntest "$2" != broken\n`)
  chmodSync(path, 0o755)
  expect((await far.run('models pull ollama:lama:1b')).stdout).toBe('ollama:lama:1b: here\n')
  expect((await far.run('models pull ollama:broken')).stderr).toMatchInlineSnapshot(`
    "benchbook: ollama pull broken ended with code 1: what it says is above; its service has to run
    "
  `)
  putOllama(far.lab)
  expect((await far.run('models rm ollama:lama:1b --yes')).exitCode).toBe(0)
  expect(readFileSync(far.lab.at('asked'), 'utf8')).toBe('pull lama:1b\npull broken\nrm lama:1b\n')
})

test('what the embedded engine could not run is skipped before it is fetched', async () => {
  await using far = await farLab()
  far.lab.write(
    'experiments/whole.yaml',
    `name: whole
axes: { model: [whole], workload: [decode] }
models: { whole: { artifacts: { bf16: { hf: org/far-GGUF } } } }
`,
  )
  const { exitCode, stderr } = await far.run('run experiments/whole.yaml --yes')
  expect(`${exitCode} ${stderr}`).toMatchInlineSnapshot(`
    "4 benchbook: nothing of experiments/whole.yaml can run here, every cell is skipped:
      the embedded engine runs GGUF files, this is a model in safetensors: convert it with convert_hf_to_gguf.py of llama.cpp
    "
  `)
})

test('a repository or revision that the hub does not have is told where a file names it', async () => {
  await using far = await farLab()
  far.lab.write(
    'experiments/none.yaml',
    `name: none
axes: { model: [none], quantization: [a, b], workload: [decode] }
models:
  none: { artifacts: { a: { hf: org/none, file: x.gguf }, b: { hf: org/far-GGUF, revision: v9, file: x.gguf } } }
`,
  )
  expect(await far.run('validate experiments/none.yaml')).toMatchInlineSnapshot(`
    {
      "exitCode": 2,
      "stderr": "benchbook: experiments/none.yaml:4:27: models.none.artifacts.a: there is no org/none at HUB, or it is private: correct its name, or set HF_TOKEN to the token of an account that may read it
        none: { artifacts: { a: { hf: org/none, file: x.gguf }, b: { hf: org/far-GGUF, revision: v9, file:…
    experiments/none.yaml:4:62: models.none.artifacts.b: org/far-GGUF has no revision v9: correct it
        …rtifacts: { a: { hf: org/none, file: x.gguf }, b: { hf: org/far-GGUF, revision: v9, file: x.gguf } }…
    ",
      "stdout": "",
    }
  `)
})

test('names that are none', async () => {
  await using far = await farLab()
  const told: string[] = []
  for (const name of [
    'hf:',
    'hf:a/b/c',
    'hf:../x',
    'hf:org/name@',
    'ollama:',
    'ollama:../../x',
    'nope',
    'demo',
    'org/name',
    'https://huggingface.co/org/name',
  ])
    told.push((await far.run(`models pull ${name}`)).stderr)
  expect(told.join('')).toMatchInlineSnapshot(`
    "benchbook: hf: names no repository: write it as in hf:org/name, hf:org/name@v1.0 or hf:org/name/file.gguf
    benchbook: hf:a/b/c names no repository: write it as in hf:org/name, hf:org/name@v1.0 or hf:org/name/file.gguf
    benchbook: hf:../x names no repository: write it as in hf:org/name, hf:org/name@v1.0 or hf:org/name/file.gguf
    benchbook: hf:org/name@ names no repository: write it as in hf:org/name, hf:org/name@v1.0 or hf:org/name/file.gguf
    benchbook: ollama: names no model of Ollama: write it as in ollama:llama3.2:1b
    benchbook: ollama:../../x names no model of Ollama: write it as in ollama:llama3.2:1b
    benchbook: there is no model nope in the catalogues; there are demo, random-5m, random-50m, random-300m, random-1b, emulated, far; or name hf:org/name or ollama:name
    benchbook: nothing of demo is fetched from anywhere: benchbook models list says where its files are
    benchbook: there is no model org/name in the catalogues, did you mean "hf:org/name" of Hugging Face's hub?
    benchbook: there is no model https://huggingface.co/org/name in the catalogues, did you mean "hf:org/name" of Hugging Face's hub?
    "
  `)
})
