import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reasonOf } from '../../lib/wire/http-dial.ts'
import { openHttpPool } from '../../lib/wire/http-pool.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { answer, chunk, chunkedHead, lastChunk, scriptedServer } from './scripted-server.ts'
import { send } from './send.ts'

let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'))
  const subject = ['-subj', '/CN=bench', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key.pem')]
  execFileSync('openssl', ['req', '-x509', ...key, '-out', at('own.pem'), ...subject], { stdio: 'ignore' })
})
afterAll(() => rmSync(folder, { recursive: true }))

async function secureServer(host = '127.0.0.1') {
  const server = createServer({ key: readFileSync(at('key.pem')), cert: readFileSync(at('own.pem')) })
  server.on('secureConnection', () => {})
  server.on('tlsClientError', () => {})
  const scripted = await scriptedServer(
    answer(chunkedHead + chunk('data: one\n\n') + chunk('data: two\n\n') + lastChunk),
    { server, host },
  )
  return Object.assign(scripted, { url: scripted.url.replace('http:', 'https:') })
}

test('a server whose certificate is named is streamed from over TLS', async () => {
  await using server = await secureServer()
  for (const url of [server.url, server.url.replace('127.0.0.1', 'localhost')]) {
    await using pool = await openHttpPool({ url, caFile: at('own.pem') }, 1, { now: monotonicNs })
    const { result, events } = await send(pool)
    expect([result.end, events.map((event) => event.data)]).toEqual([{ status: 'complete' }, ['one', 'two']])
  }
})

test('an unknown certificate is refused, whatever the environment says', async () => {
  await using server = await secureServer()
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  try {
    const refused = openHttpPool({ url: server.url }, 1, { now: monotonicNs })
    await expect(refused).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('self-signed certificate') as string,
    })
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  }
})

test('a certificate for another name is refused', async () => {
  await using server = await secureServer('::1')
  const refused = openHttpPool({ url: server.url, caFile: at('own.pem') }, 1, { now: monotonicNs })
  await expect(refused).rejects.toMatchObject({
    reason: 'unreachable',
    message: expect.stringContaining("IP: ::1 is not in the cert's list") as string,
  })
})

test.each([
  ['answers in plain HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
  ['speaks neither', 'SSH-2.0\r\n'],
])('where https:// leads to a server that %s, its user is told', async (_, bytes) => {
  await using server = await scriptedServer(async ({ socket }) => void socket.once('data', () => socket.end(bytes)))
  const url = server.url.replace('http:', 'https:')
  await expect(openHttpPool({ url }, 1, { now: monotonicNs })).rejects.toMatchObject({
    reason: 'unreachable',
    message: `no connection to ${url}: it does not answer in TLS: is it plain HTTP? Then use http://`,
  })
})

test('what OpenSSL says is told in its words alone', () => {
  const told = reasonOf(
    new Error(
      '40FD4D:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../deps/openssl/ssl/record/rec_layer_s3.c:912:\n',
    ),
  )
  expect(told).toBe('TLS failed: ssl/tls alert handshake failure')
})

test('a file of certificates that cannot be read is told without its path', async () => {
  const open = openHttpPool({ url: 'https://localhost:1', caFile: at('none.pem') }, 1, { now: monotonicNs })
  await expect(open).rejects.toMatchObject({
    reason: 'unreachable',
    message: 'the certificates of caFile cannot be read (ENOENT)',
  })
})
