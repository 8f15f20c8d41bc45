import { expect, test } from 'vitest'
import { checkValue } from '../../lib/parse/check-value.ts'
import { backendSchema } from '../../lib/experiment/backend-schema.ts'

const accepts = (url: string) => backendSchema.safeParse({ kind: 'openai', url }).success

test.each(['http://127.0.0.1:8000', 'https://host/base', 'http://localhost:1/'])('an address of a server: %s', (url) =>
  expect(accepts(url)).toBe(true),
)

test.each([
  'http://me@host',
  'http://me:secret@host',
  'http://:secret@host',
  'http://host/v1',
  'http://host/v1/chat/completions',
  'host:8000',
  '127.0.0.1:8000',
  '',
  'http://host?key=secret',
])('no address of a server, for what it has would be kept: %s', (url) => expect(accepts(url)).toBe(false))

const amiss = (url: unknown, apiKey = '${env:KEY}') => {
  const checked = checkValue(backendSchema, { kind: 'openai', url, apiKey })
  return checked.status === 'ok' ? [] : checked.findings.map(({ message }) => message)
}

test('an address of another protocol is told, without a password in it', () => {
  expect([amiss('ftp://me:secret@host'), amiss('localhost:8000'), amiss('host')]).toMatchInlineSnapshot(`
    [
      [
        "must begin with http:// or https://, got ftp://",
      ],
      [
        "must begin with http:// or https://, got localhost:",
      ],
      [
        "must be an address such as http://127.0.0.1:8000, got "host"",
      ],
    ]
  `)
})

test('a key that is no reference is told without it', () => {
  const told = ['sk-literal-secret', 'short', 12_345_678].flatMap((key) => amiss('http://a', key as string))
  expect(told).toMatchInlineSnapshot(`
    [
      "must be a reference such as \${env:OPENAI_API_KEY}: secrets are never kept, got "sk-**************"",
      "must be a reference such as \${env:OPENAI_API_KEY}: secrets are never kept, got "*****"",
      "must be text, got "********"",
    ]
  `)
})
