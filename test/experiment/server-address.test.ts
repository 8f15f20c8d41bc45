import { expect, test } from 'vitest'
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
  'http://host?key=secret',
])('no address of a server, for what it has would be kept: %s', (url) => expect(accepts(url)).toBe(false))
