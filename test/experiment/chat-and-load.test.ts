import { expect, test } from 'vitest'
import { anyArtifact, expand, plan } from './fixture.ts'

const chat = 'name: x\naxes: { model: [sole] }\nworkload: { kind: chat, system: Be brief., prompts: [Hello] }\n'

const loads = async (text: string, sets: string[] = []) =>
  (await expand(chat + text, { sets })).cells.map(({ config }) => config.load)
const idOf = async (text: string) => (await expand(text)).cells[0]?.id

test('a chat has its defaults: it ends when the model does', async () => {
  const { cells } = await expand(chat)
  expect(cells[0]?.config.workload).toEqual({
    name: 'chat',
    kind: 'chat',
    system: 'Be brief.',
    prompts: [{ id: 'p1', text: 'Hello' }],
    sampling: { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 42, maxTokens: 128 },
    output: 'natural',
  })
})

test('a load has a number of requests or a duration, and axes and --set reach both', async () => {
  expect(await loads('')).toEqual([{ kind: 'closed', clients: 1, requests: 10 }])
  expect(await loads('load: { clients: 4, duration: 240s }')).toEqual([
    { kind: 'closed', clients: 4, durationMs: 240_000 },
  ])
  expect(await loads('', ['load.clients=3', 'load.duration=2s'])).toEqual([
    { kind: 'closed', clients: 3, durationMs: 2000 },
  ])
})

test('a duration that is set takes the place of the requests of the file, and requests that of its duration', async () => {
  expect(await loads('load: { clients: 4, requests: 8 }', ['load.duration=2s'])).toEqual([
    { kind: 'closed', clients: 4, durationMs: 2000 },
  ])
  expect(await loads('load: { duration: 2s }', ['load.requests=5'])).toEqual([
    { kind: 'closed', clients: 1, requests: 5 },
  ])
  const overridden = 'load: { requests: 8 }\noverrides: [{ set: { load.duration: 3s } }]'
  expect(await loads(overridden)).toEqual([{ kind: 'closed', clients: 1, durationMs: 3000 }])
  expect(await loads(overridden, ['load.requests=5'])).toEqual([{ kind: 'closed', clients: 1, requests: 5 }])
  await expect(loads('', ['load.duration=2s', 'load.requests=5'])).rejects.toThrow('leave one of them out')
})

test('clients, durations and stops are axes', async () => {
  const { cells } = await expand(`name: x
axes: { model: [sole], load.clients: [1, 2], load.duration: [1s, 2s], workload.sampling.stop: [[a], [b, c]] }
workload: { kind: chat, prompts: [Hello] }`)
  expect(cells).toHaveLength(8)
  expect(new Set(cells.map(({ id }) => id)).size).toBe(8)
  expect(cells.at(-1)?.config).toMatchObject({
    load: { clients: 2, durationMs: 2000 },
    workload: { sampling: { stop: ['b', 'c'] } },
  })
})

test('the words of the system are part of the identity, and so are a stop and how a load ends', async () => {
  const ids = await Promise.all([
    idOf(chat),
    idOf(chat.replace('brief', 'long')),
    idOf(chat.replace('prompts', 'sampling: { stop: [x] }, prompts')),
    idOf(`${chat}load: { duration: 10s }`),
  ])
  expect(new Set(ids).size).toBe(4)
})

const described = (chatTemplate: boolean) => async (source: Parameters<typeof anyArtifact>[0]) => ({
  ...(await anyArtifact(source)),
  description: {
    format: 'gguf' as const,
    architecture: 'llama',
    parameters: 1,
    tensorBytes: 1,
    contextLength: 1,
    vocabulary: 1,
    randomWeights: false,
    chatTemplate,
  },
})

test('a chat with a model that has no template is skipped before the run, and only that', async () => {
  const { cells, skipped } = await plan(chat, { artifact: described(false) })
  expect(cells).toEqual([])
  expect(skipped).toEqual([
    {
      axes: { model: 'sole' },
      reason: 'format',
      detail: 'a chat needs a chat template (tokenizer.chat_template), and the model file has none',
    },
  ])
  expect((await plan(chat, { artifact: described(true) })).skipped).toEqual([])
  expect(
    (await plan(chat.replace('chat, system: Be brief.', 'completion'), { artifact: described(false) })).skipped,
  ).toEqual([])
})
