import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expandExperiment } from '../../lib/experiment/expand.ts'
import { findLabPath } from '../../lib/experiment/lab-path.ts'
import { loadExperiment } from '../../lib/experiment/load-experiment.ts'
import { promptPorts } from '../../lib/prompts/prompt-ports.ts'
import { anyArtifact } from './fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-lab-'))
const labRoot = join(folder, 'lab')
const packageRoot = join(folder, 'package')
afterAll(() => rmSync(folder, { recursive: true }))

function write(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}

beforeAll(() => {
  write(
    packageRoot,
    'data/catalogue/all.yaml',
    'hardware: { local: { target: local } }\nbackends: { llama.cpp: { kind: llama.cpp } }',
  )
  write(packageRoot, 'data/catalogue/README.md', 'not: [a catalogue')
  write(packageRoot, 'data/text.txt', 'of the package')
  write(packageRoot, 'data/prompts.yaml', '[of the package]')
  write(labRoot, 'data/catalogue/mine.yml', 'models: { mine: { artifacts: { f16: { path: m.gguf } } } }')
  write(labRoot, 'data/prompts.yaml', '[of the lab]')
  write(folder, 'outside/secret.txt', 'secret')
  symlinkSync(join(folder, 'outside'), join(labRoot, 'way-out'))
  symlinkSync(join(labRoot, 'data'), join(labRoot, 'way-in'))
})

const load = (text: string, name = 'x.yaml') => {
  write(labRoot, `experiments/${name}`, text)
  return loadExperiment({ file: name, path: join(labRoot, 'experiments', name), labRoot, packageRoot })
}
const workload = async (text: string) => {
  const { cells } = await expandExperiment({
    loaded: await load(`name: x\naxes: { model: [mine] }\nworkload: ${text}`),
    folders: { labRoot, packageRoot, allowOutside: false },
    ports: { ...promptPorts, artifact: anyArtifact },
  })
  return cells[0]?.config.workload
}
const other = (name: string) =>
  loadExperiment({ file: name, path: join(labRoot, 'experiments', name), labRoot, packageRoot })
const find = (path: string, allowOutside = false) => findLabPath(path, { labRoot, packageRoot, allowOutside })
const message = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('accepted'),
    (error: Error) => error.message.replaceAll(folder, '<folder>'),
  )

describe('catalogues', () => {
  test('are read from the package and the lab; files of prompts are looked for in the lab, then in the package', async () => {
    expect(await workload('{ kind: completion, prompts: { file: data/prompts.yaml } }')).toMatchObject({
      prompts: [{ id: 'p1', text: 'of the lab' }],
    })
    expect(await workload('{ kind: perplexity, text: { file: data/text.txt } }')).toMatchObject({
      text: { id: 'text.txt', text: 'of the package' },
    })
  })

  test('one name twice in a lab is refused, with both places', async () => {
    write(labRoot, 'data/catalogue/other.yaml', '\nmodels: { mine: { artifacts: {} } }')
    expect(await message(load('name: x'))).toMatchInlineSnapshot(`
      "data/catalogue/other.yaml:2:11: models.mine is there twice: it is at data/catalogue/mine.yml:1:17 as well
          models: { mine: { artifacts: {} } }"
    `)
    rmSync(join(labRoot, 'data/catalogue/other.yaml'))
  })

  test('mistakes in several of them are told together', async () => {
    write(labRoot, 'data/catalogue/other.yaml', 'axes: {}\nmodels: 3')
    write(labRoot, 'data/catalogue/third.yaml', 'a: [')
    expect(await message(load('name: x'))).toMatchInlineSnapshot(`
      "data/catalogue/other.yaml:1:1: unknown key "axes"; known here: $schema, models, backends, hardware, workloads
          axes: {}
      data/catalogue/other.yaml:2:9: models: must be a map of keys, got 3
          models: 3
      data/catalogue/third.yaml:1:5: Flow sequence in block collection must be sufficiently indented and end with a ]
          a: ["
    `)
    rmSync(join(labRoot, 'data/catalogue/other.yaml'))
    rmSync(join(labRoot, 'data/catalogue/third.yaml'))
  })
})

describe('the experiment file', () => {
  test('that is not there, or a folder', async () => {
    expect(await message(other('no.yaml'))).toBe('no.yaml: is not there')
    expect(await message(other('.'))).toBe('.: is a folder, not a file: name a file in it')
  })

  test('that is too large', async () => {
    expect(await message(load(`name: x\n${'# \n'.repeat(400_000)}`, 'large.yaml'))).toMatchInlineSnapshot(
      `"large.yaml: has 1200008 bytes, more than the 1048576 that are read: split it"`,
    )
  })

  test('may be JSON', async () => {
    const { file } = await load('{\n\t"$schema": "./experiment.schema.json",\n\t"name": "json"\n}', 'x.json')
    expect(file.name).toBe('json')
  })

  test('with an alias bomb is refused where it goes off', async () => {
    const levels = Array.from(
      { length: 8 },
      (_, i) => `  b${i + 1}: &b${i + 1} [${Array(10).fill(`*b${i}`).join(', ')}]`,
    )
    expect(await message(load(['name: x', 'axes:', '  b0: &b0 [1, 2, 3]', ...levels].join('\n'), 'bomb.yaml')))
      .toMatchInlineSnapshot(`
        "bomb.yaml:8:11: aliases multiply to more than 200000 values: use fewer
            b5: &b5 [*b4, *b4, *b4, *b4, *b4, *b4, *b4, *b4, *b4, *b4]"
      `)
  })
})

describe('files of a lab', () => {
  test.for(['data/prompts.yaml', './data/../data/prompts.yaml', 'way-in/prompts.yaml', 'not/there.txt'])(
    '%s is inside',
    async (path) => {
      expect(await find(path)).toEqual({ status: 'ok', path: join(labRoot, path) })
    },
  )

  test('what only the package has is found there', async () => {
    expect(await find('data/text.txt')).toEqual({ status: 'ok', path: join(packageRoot, 'data/text.txt') })
  })

  test.for([
    '../outside/secret.txt',
    'way-out/secret.txt',
    '/etc/hostname',
    '../lab-beside/not-there',
    '/not/there',
    '..',
  ])('%s is outside, unless that is allowed', async (path) => {
    expect(await find(path)).toMatchObject({ status: 'outside' })
    expect(await find(path, true)).toMatchObject({ status: 'ok' })
  })

  test('a folder whose name begins with two dots is no way out', async () => {
    write(labRoot, '..data/x.txt', 'x')
    expect(await find('..data/x.txt')).toMatchObject({ status: 'ok' })
  })
})
