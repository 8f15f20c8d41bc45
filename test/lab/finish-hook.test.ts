import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type Finish, finishHook } from '../../lib/lab/finish-hook.ts'
import { withSettings } from '../../lib/lab/with-settings.ts'
import { CommandLine } from '../cli/command-line.ts'

const finish: Finish = {
  plan: 'c0ffee000001',
  experiment: 'quick',
  title: 'A "quick" look',
  status: 'failed',
  exitCode: 3,
  trials: { all: 2, ok: 1, invalid: 0, failed: 1, open: 0 },
  report: 'reports/out/quick-c0ffee000001.html',
  durationMs: 1234,
}
const never = new AbortController().signal

/** Tells a finish as `data/lab.yaml` wants it; resolves with the warning. */
async function tell(
  lab: CommandLine,
  settings: string,
  { env = {}, signal = never } = {},
): Promise<string | undefined> {
  lab.write('data/lab.yaml', settings)
  const hook = finishHook(withSettings({ env, cwd: lab.root }))
  return typeof hook === 'function' ? hook(finish, signal) : hook?.warning
}

const command = (...argv: string[]) => `finish: { command: ${JSON.stringify(argv)} }\n`

test('a command is given one JSON document, and the same in its environment, without a shell', async () => {
  using lab = new CommandLine()
  const script =
    'cat > told.json; echo "$1 $BENCHBOOK_PLAN $BENCHBOOK_STATUS $BENCHBOOK_EXIT_CODE $BENCHBOOK_REPORT" > told.txt'
  expect(
    await tell(lab, command('sh', '-c', script, 'sh', '$HOME; ${env:TOKEN}'), { env: { TOKEN: 's3cret' } }),
  ).toBeUndefined()
  expect(JSON.parse(readFileSync(lab.at('told.json'), 'utf8'))).toEqual({ benchbook: 1, ...finish })
  expect(readFileSync(lab.at('told.txt'), 'utf8')).toBe(
    '$HOME; s3cret c0ffee000001 failed 3 reports/out/quick-c0ffee000001.html\n',
  )
})

test('a command that fails is a warning, without what a reference stood for', async () => {
  using lab = new CommandLine()
  const script = 'echo first >&2; echo "no such token $1\u001b[2J" >&2; exit 7'
  expect(await tell(lab, command('sh', '-c', script, 'sh', '${env:TOKEN}'), { env: { TOKEN: 's3cret' } })).toBe(
    'finish in data/lab.yaml: the command ended with code 7: no such token ***\\u{1b}[2J',
  )
  expect(await tell(lab, command('benchbook-has-no-such-program'))).toBe(
    'finish in data/lab.yaml: the command cannot be started (ENOENT)',
  )
  expect(await tell(lab, command('true'))).toBeUndefined() // and never reads its input
})

test('a command is ended with all that it has started by a Ctrl-C', async () => {
  using lab = new CommandLine()
  const stop = new AbortController()
  const told = tell(lab, command('sh', '-c', 'sleep 61 & sleep 61'), { signal: stop.signal })
  stop.abort()
  expect(await told).toBe('finish in data/lab.yaml: the command was ended by Ctrl-C')
})

async function serving(answer: number): Promise<{ server: Server; url: string; bodies: string[] }> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = `${request.method} ${request.url} ${request.headers['content-type']} `
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(answer).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies }
}

test('a web hook is posted the same document; what goes wrong is told without its address', async () => {
  using lab = new CommandLine()
  const { server, url, bodies } = await serving(204)
  const settings = 'finish: { webhook: "${env:HOOK}/t0ken" }\n'
  expect(await tell(lab, settings, { env: { HOOK: url } })).toBeUndefined()
  expect(bodies).toEqual([`POST /t0ken application/json ${JSON.stringify({ benchbook: 1, ...finish })}`])
  server.close()
  await once(server, 'close')
  expect(await tell(lab, settings, { env: { HOOK: url } })).toBe(
    'finish in data/lab.yaml: the web hook was not reached (ECONNREFUSED)',
  )
  expect(await tell(lab, settings, { env: { HOOK: 'no address' } })).toBe(
    'finish in data/lab.yaml: the web hook was not reached (ERR_INVALID_URL)',
  )
  const refusing = await serving(403)
  expect(await tell(lab, `finish: { webhook: "${refusing.url}" }\n`)).toBe(
    'finish in data/lab.yaml: the web hook answered 403',
  )
  refusing.server.close()
})

test('a reference to what is not set is told before anything is measured', async () => {
  using lab = new CommandLine()
  expect(await tell(lab, 'finish: { webhook: "https://example.org/${env:HOOK}" }\n')).toBe(
    'finish in data/lab.yaml names HOOK, not set in the environment: nobody will be told of the end',
  )
})
