import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test, vi } from 'vitest'
import { startEmulator } from '../../lib/emulator/start-emulator.ts'
import { evenly } from '../emulator/emulation.ts'
import { Lab } from './lab.ts'
import { measuringDriver } from './running-launch.ts'

afterEach(() => vi.unstubAllEnvs())

const experiment = (backend: string, requests: number) => `
name: served
axes: { model: [m], quantization: [f16], backend: [server] }
models: { m: { artifacts: { f16: { served: m } } } }
backends: { server: { ${backend} } }
workload: { kind: chat, prompts: [Hello], sampling: { maxTokens: 16 }, output: fixed }
load: { requests: ${requests} }
repeat: { blocks: 1 }
keepStreams: true
`

test('a key is in no file of a lab and in no message; of memory there is nothing', async () => {
  const secret = 'sk-not-to-be-found-1234'
  vi.stubEnv('SERVED_KEY', secret)
  await using server = await startEmulator({ ...evenly, firstTokenMs: 5, tokenMs: 1 }, { models: ['m'] })
  using lab = new Lab({
    'served.yaml': experiment(`kind: openai, url: '${server.url}', apiKey: '\${env:SERVED_KEY}'`, 3),
  })
  const run = await lab.run('run', 'experiments/served.yaml')
  expect(run.code, run.stderr).toBe(0)
  expect(run.stdout + run.stderr).not.toContain(secret)
  const files = filesIn(lab.root)
  expect(files.some((file) => file.endsWith('benchbook.db'))).toBe(true)
  expect(files.filter((file) => readFileSync(file).includes(secret))).toEqual([])
  const query = 'SELECT rss_peak_bytes, pss_peak_bytes, vram_peak_bytes FROM v_trial'
  expect(JSON.parse((await lab.run('query', query, '--json')).stdout).rows).toEqual([
    { rss_peak_bytes: null, pss_peak_bytes: null, vram_peak_bytes: null },
  ])
})

test('a key that is not set is said before anything starts, by the name of its variable', async () => {
  vi.stubEnv('SERVED_KEY', '')
  using lab = new Lab({
    'served.yaml': experiment(`kind: openai, url: 'http://127.0.0.1:9', apiKey: '\${env:SERVED_KEY}'`, 1),
  })
  const run = await lab.run('run', 'experiments/served.yaml')
  expect(run.code).toBe(2)
  expect(run.stderr).toMatch(/backend\.apiKey is \$\{env:SERVED_KEY\}, and SERVED_KEY is not set/)
  expect(existsSync(`${lab.store}.spool`)).toBe(false)
})

test('an emulated server ends with its driver, however that ends', async () => {
  const text = experiment('kind: emulator, firstTokenMs: 5, tokenMs: 5', 2000)
  using lab = new Lab({ 'served.yaml': `${text}limits: { retries: 0 }\n` })
  const run = lab.start('run', 'experiments/served.yaml')
  const driver = await measuringDriver(lab)
  const [server] = readFileSync(`/proc/${driver}/task/${driver}/children`, 'utf8').split(' ')
  expect(readFileSync(`/proc/${server}/cmdline`, 'utf8')).toContain('emulator-main')
  process.kill(driver, 'SIGKILL')
  await expect.poll(() => existsSync(`/proc/${server}`), { timeout: 10_000 }).toBe(false)
  expect((await run.ended).stderr).toContain('crashed')
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

test('what was measured is rebuilt from the bytes of the answers, without the server', async () => {
  const faults = [{ kind: 'reset', at: 'mid-stream', every: 3 }] as const
  using lab = new Lab()
  {
    await using server = await startEmulator(
      { ...evenly, firstTokenMs: 5, tokenMs: 1, chunksPerWrite: 2, faults },
      { models: ['m'] },
    )
    lab.write('experiments/served.yaml', experiment(`kind: openai, url: '${server.url}'`, 7))
    const run = await lab.run('run', 'experiments/served.yaml')
    expect([0, 3], run.stderr).toContain(run.code)
  }
  const query = 'SELECT * FROM v_request ORDER BY request_id'
  const measured = (await lab.run('query', query, '--json')).stdout
  expect((await lab.run('derive', '--streams')).stdout).toMatch(
    /bytes of 8 answers read again: they say what they said; .*nothing has changed\n$/,
  )
  const database = new Database(lab.store)
  database.exec(`UPDATE request SET event_deltas_us = '[7]', event_reads = NULL, output_tokens = 1, output = 'other'`)
  database.close()
  expect((await lab.run('derive', '--streams')).stdout).toMatch(
    /bytes of 8 answers read again: 8 say something else now; .*; nothing has changed\n$/,
  )
  expect((await lab.run('query', query, '--json')).stdout).toBe(measured)
})

test('an answer that was kept, exported and replayed, is measured to be the same', async () => {
  using lab = new Lab({
    'kept.yaml': experiment('kind: emulator, firstTokenMs: 30, tokenMs: 3, jitter: 0.3, chunksPerWrite: 2', 2),
  })
  const measured = async (file: string) => {
    const { code, stderr } = await lab.run('run', `experiments/${file}`)
    expect([0, 3], stderr).toContain(code)
    const query = `SELECT r.id, output, prompt_tokens, output_tokens, finish, json_array_length(event_deltas_us) AS events
      FROM request r JOIN trial t ON t.id = r.trial WHERE phase = 'measured' ORDER BY r.id DESC LIMIT 2`
    const { rows } = JSON.parse((await lab.run('query', query, '--json')).stdout) as {
      rows: (object & { id: number })[]
    }
    return rows.map(({ id, ...said }) => ({ id, said }))
  }
  const [kept] = await measured('kept.yaml')
  const exported = await lab.run('export', `request:${kept?.id}`, '-o', 'answer.json')
  expect(exported.code, exported.stderr).toBe(0)
  const server = lab.start('emulate', '--replay', 'answer.json', '--model', 'm')
  await expect.poll(() => server.stderr(), { timeout: 10_000 }).toContain('url: ')
  const [url] = /http:[\w.:/]+/.exec(server.stderr()) as unknown as [string]
  lab.write('experiments/again.yaml', experiment(`kind: openai, url: '${url}'`, 2))
  const again = await measured('again.yaml')
  server.child.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
  expect(kept?.said).toMatchObject({
    output: expect.stringMatching(/\S/),
    output_tokens: 16,
    events: 16,
    finish: 'length',
  })
  expect(again.map(({ said }) => said)).toEqual([kept?.said, kept?.said])
})
