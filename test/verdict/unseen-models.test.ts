import { expect, test } from 'vitest'
import { engine, fieldsOf, type Side } from './arm-sides.ts'

const running = (port: number, digest: string, model = 'demo'): Side => {
  const url = `http://127.0.0.1:${port}`
  return {
    digest,
    config: (config) => ({
      ...config,
      artifact: { kind: 'served', name: model },
      backend: { name: 's', kind: 'openai', url, clientProcesses: 1, salt: true },
    }),
    manifest: engine({ artifact: { digest }, server: { url, place: 'this-machine', model, says: {} } }),
  }
}

test('of servers that run already the files are unknown, and a digest of name and address tells nothing', () => {
  expect(fieldsOf('backend', ['one', 'two'], [running(8001, 'd1'), running(8002, 'd2')])).toEqual([])
  expect(fieldsOf('backend.url', ['one', 'two'], [running(8001, 'd1'), running(8002, 'd2')])).toEqual([])
  expect(fieldsOf('backend', ['one', 'two'], [running(8001, 'd1'), running(8002, 'd2', 'other')])).toEqual([
    'artifact.name',
  ])
  const launchedHere: Side = { digest: 'd1', manifest: engine({ artifact: { digest: 'd1' } }) }
  expect(fieldsOf('backend', ['here', 'there'], [launchedHere, running(8002, 'd2')])).toContain('artifact.digest')
})
