import { ServerCredentials } from '@grpc/grpc-js'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FrameReader, messageFrame } from '../../lib/wire/grpc-frames.ts'
import { openGrpcPool } from '../../lib/wire/grpc-pool.ts'
import { replayCall } from '../../lib/wire/replay-call.ts'
import type { RecordedStream } from '../../lib/domain/timeline.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { call, grpcServer, method, path, visited } from './grpc-server.ts'

const tlsFile = (name: string) => new URL(`tls/${name}`, import.meta.url).pathname

test('the bytes of a request are those of the published fields', () => {
  const body = { model_id: 'm', request: { text: 'a' }, params: { stopping: { max_new_tokens: 3 } } }
  expect(method.encodeAsk(JSON.stringify(body)).toString('hex')).toBe('0a016d1a0312016152041a020803')
  expect(method.decodeAnswer(Buffer.from('10022201613801', 'hex'))).toBe(
    '{"generated_token_count":2,"text":"a","stop_reason":"MAX_TOKENS"}',
  )
})

test('an answer that was kept is read again as it was read: the same messages, times and end', async () => {
  for (const isFailing of [false, true]) {
    const { result, events } = await visited(
      ({ say, end, fail }) => {
        say({ input_token_count: 3 })
        say({ text: 'Salt', generated_token_count: 1 })
        if (isFailing) fail({ code: 13, details: 'no: 50 % ü' })
        else end()
      },
      { keepStream: true },
    )
    const again: { data: unknown; atUs: number; read: number }[] = []
    const response = replayCall(result.stream as RecordedStream, path, (data, atUs, read) => {
      again.push({ data: JSON.parse(data), atUs, read })
    })
    const us = (at: number) => Math.round((at - result.sentAt) / 1000)
    expect(again).toEqual(events.map(({ data, at, read }) => ({ data, atUs: us(at), read })))
    expect(response.end).toEqual(result.end)
  }
})

test('frames are told wherever they are cut', () => {
  const bytes = Buffer.concat(['Salt', '', ' air'].map((text) => messageFrame(Buffer.from(text))))
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const said: string[] = []
    const reader = new FrameReader(
      (message) => said.push(message.toString()),
      () => {},
    )
    reader.push(bytes.subarray(0, cut))
    reader.push(bytes.subarray(cut))
    expect(said).toEqual(['Salt', '', ' air'])
  }
})

test('a server whose certificate is named is asked over TLS; an unknown one is refused', async () => {
  const [key, chain] = [readFileSync(tlsFile('localhost.key.pem')), readFileSync(tlsFile('localhost.pem'))]
  const credentials = ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: chain }])
  await using server = await grpcServer(({ end }) => end(), { credentials, scheme: 'grpcs' })
  {
    await using pool = await openGrpcPool({ url: server.url, caFile: tlsFile('localhost.pem') }, 1, {
      now: monotonicNs,
    })
    expect((await call(pool)).result.end).toEqual({ status: 'complete' })
  }
  await expect(openGrpcPool({ url: server.url }, 1, { now: monotonicNs })).rejects.toMatchObject({
    reason: 'unreachable',
    message: expect.stringContaining('certificate') as string,
  })
  const plain = openGrpcPool({ url: server.url.replace('grpcs', 'grpc') }, 1, { now: monotonicNs })
  await expect(plain).rejects.toMatchObject({ reason: 'unreachable' })
})
