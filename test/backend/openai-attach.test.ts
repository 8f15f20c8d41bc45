import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Answer, chat, json, models, ScriptedApi } from './scripted-api.ts'
import { scriptedServer } from '../wire/scripted-server.ts'
import { answered, send, start } from './wire-engine.ts'
import { chatOf, trialOf } from './wire-launch.ts'

afterEach(() => vi.unstubAllEnvs())

const echo: Answer = (response, asked) =>
  json({ error: { message: `bad ${asked.headers.authorization}` } }, 403)(response, asked)

describe('attaching to a server', () => {
  test('facts are what it says of itself, as far as it stays the same', async () => {
    const meta = { n_vocab: 32_000, n_params: 5e6 }
    const data = [
      { id: 'm', created: 1_700_000_000, owned_by: 'vllm', max_model_len: 4096, root: 'x'.repeat(300), meta },
    ]
    await using server = await ScriptedApi.start({
      '/v1/models': json({ data }, 200, { server: 'uvicorn\u00a0x' }),
      '/version': json({ version: '0.9.1' }),
    })
    await using engine = await start(server)
    expect(engine.facts).toEqual({
      name: 'vllm',
      version: '0.9.1',
      build: 'uvicorn x',
      contextSize: 4096,
      artifact: { digest: 'd' },
      server: {
        url: server.url,
        place: 'this-machine',
        model: 'm',
        says: {
          server: 'uvicorn x',
          version: '0.9.1',
          health: 404,
          owned_by: 'vllm',
          root: `${'x'.repeat(200)}…`,
          max_model_len: 4096,
          'meta.n_vocab': 32_000,
          'meta.n_params': 5e6,
        },
      },
    })
  })

  test.each<[string, Answer, object]>([
    [
      'a model that it lacks',
      models('a', '\u001b[31mb'),
      {
        reason: 'request-refused',
        message: 'the server has no model m: it has a, \\u{1b}[31mb: name one of them as served',
      },
    ],
    [
      'no model at all',
      models(),
      { reason: 'request-refused', message: 'the server has no model m: it has none: load one there' },
    ],
    [
      'no key',
      json({ error: { message: 'no key' } }, 401),
      { reason: 'unauthorized', message: 'GET /v1/models: 401 Unauthorized: no key' },
    ],
    [
      'no list',
      json({ models: [] }),
      { reason: 'malformed-response', message: 'GET /v1/models gave no list of models: {"models":[]}' },
    ],
    [
      'a server that loads',
      json({ error: { message: 'Loading model' } }, 503),
      { reason: 'server-error', message: 'GET /v1/models: 503 Service Unavailable: Loading model' },
    ],
  ])('%s is told', async (_, answer, failure) => {
    await using server = await ScriptedApi.start({ '/v1/models': answer })
    await expect(start(server)).rejects.toMatchObject({ name: 'EngineFailure', ...failure })
  })

  test('where nothing listens is told', async () => {
    const server = await ScriptedApi.start({})
    await server[Symbol.asyncDispose]()
    await expect(start(server)).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:\d+ could not be asked for \/v1\/models: connect ECONNREFUSED .*: nothing listens there, start the server or correct backend\.url$/,
      ),
    })
  })

  test.each([
    [
      'hangs up on what is no TLS',
      '',
      'could not be asked for /v1/models: socket hang up, as a server does that speaks TLS: then use https://',
    ],
    [
      'refuses it in TLS',
      Buffer.of(0x15, 3, 1, 0, 2, 2, 0x46),
      'could not be asked for /v1/models: it answers in TLS, not in HTTP: use https://',
    ],
  ])('where http:// leads to a server that %s, its user is told', async (_, bytes, told) => {
    await using server = await scriptedServer(async ({ socket }) => void socket.once('data', () => socket.end(bytes)))
    await expect(start(server)).rejects.toMatchObject({
      reason: 'unreachable',
      message: `${server.url} ${told}`,
    })
  })

  test('over TLS, where its certificate is known', async () => {
    const answers = { '/v1/models': models('m'), '/v1/chat/completions': chat(['a']) }
    await using server = await ScriptedApi.start(answers, 'https')
    await expect(start(server)).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('self-signed certificate'),
    })
    await using engine = await start(server, {
      caFile: fileURLToPath(new URL('../wire/tls/localhost.pem', import.meta.url)),
    })
    const trial = trialOf(chatOf())
    await engine.prepare(trial)
    expect(await send(engine, trial)).toMatchObject({ outcome: { status: 'ok' }, output: 'a' })
  })

  test('a proxy of the environment is not used', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(name, 'http://127.0.0.1:9')
    vi.stubEnv('NO_PROXY', '')
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    const { timeline } = await answered(chat(['a']))
    expect(timeline.outcome).toEqual({ status: 'ok', finish: 'stop' })
  })
})

describe('an API key', () => {
  test('goes with every request, and is nowhere else: not even where the server says it', async () => {
    vi.stubEnv('TEST_KEY', 'sk-secret-1')
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': echo })
    await using engine = await start(server, { apiKey: '${env:TEST_KEY}' })
    const trial = trialOf(chatOf())
    await engine.prepare(trial)
    const timeline = await send(engine, trial)
    expect(timeline.outcome).toMatchObject({ reason: 'unauthorized', detail: '403 Forbidden: bad Bearer ***' })
    const sent = server.asked.filter(({ path }) => path.startsWith('/v1')).map(({ headers }) => headers.authorization)
    expect(new Set(sent)).toEqual(new Set(['Bearer sk-secret-1']))
    expect(JSON.stringify([engine.facts, timeline])).not.toContain('sk-secret')
  })

  test.each([284, 288, 290])(
    'of which a message that is cut has no beginning: cut %i characters in',
    async (length) => {
      vi.stubEnv('TEST_KEY', 'sk-secret-1')
      const said = `${'x'.repeat(length)} sk-secret-1 and more${' more'.repeat(20)}`
      const refusal = json({ error: { message: said } }, 403)
      await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': refusal })
      await using engine = await start(server, { apiKey: '${env:TEST_KEY}' })
      const trial = trialOf(chatOf())
      await engine.prepare(trial)
      const { outcome } = await send(engine, trial)
      expect(outcome).toHaveProperty('detail', expect.stringMatching(/^403 Forbidden: x+ \*\*\*.*…$/))
    },
  )

  test('that a server makes the name or the beginning of a fact is in no fact', async () => {
    vi.stubEnv('TEST_KEY', 'sk-secret-1')
    const meta = { 'sk-secret-1': 5, [`${'n'.repeat(190)}sk-secret-1`]: 6 }
    const data = [{ id: 'm', owned_by: `${'o'.repeat(192)}sk-secret-1`, meta }]
    await using server = await ScriptedApi.start({ '/v1/models': json({ data }) })
    await using engine = await start(server, { apiKey: '${env:TEST_KEY}' })
    expect(JSON.stringify(engine.facts)).not.toContain('sk-s')
    expect(engine.facts.server?.says).toMatchObject({ 'meta.***': 5, [`meta.${'n'.repeat(190)}***…`]: 6 })
  })

  test.each([
    ['', 'backend.apiKey is ${env:TEST_KEY}, and TEST_KEY is not set: set it where benchbook runs'],
    [
      'sk bad',
      'backend.apiKey is ${env:TEST_KEY}, and TEST_KEY holds what no bearer token may: spaces or unseen characters',
    ],
  ])('that is lacking or broken names its variable: %j', async (value, message) => {
    vi.stubEnv('TEST_KEY', value)
    await using server = await ScriptedApi.start({ '/v1/models': models('m') })
    await expect(start(server, { apiKey: '${env:TEST_KEY}' })).rejects.toMatchObject({
      reason: 'unauthorized',
      message,
    })
    expect(server.asked).toEqual([])
  })
})
