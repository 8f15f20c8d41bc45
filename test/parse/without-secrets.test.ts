import { expect, test } from 'vitest'
import { quote } from '../../lib/parse/quote.ts'
import { problemsError } from '../../lib/parse/problem.ts'
import { sourceText } from '../../lib/parse/source-text.ts'
import { withoutSecrets } from '../../lib/parse/without-secrets.ts'

test.each([
  [
    '{ url: http://a, apiKey: sk-literal-secret, salt: true }',
    '{ url: http://a, apiKey: sk-**************, salt: true }',
  ],
  ['"apiKey": "sk-literal-secret" }', '"apiKey": "sk**************** }'],
  ['--set backend.apiKey=sk-literal-secret', '--set backend.apiKey=sk-**************'],
  ['backend.apiKey: [sk-one, sk-another-one]', 'backend.apiKey: [sk*********************'],
  ['apiKey: short', 'apiKey: *****'],
  ['apiKey: ${env:OPENAI_API_KEY}', 'apiKey: ${env:OPENAI_API_KEY}'],
  ["apiKey: '${env:OPENAI_API_KEY}'", "apiKey: '${env:OPENAI_API_KEY}'"],
  ['url: http://me:secret@host/x', 'url: http://*********@host/x'],
  ['url: http://me:sec@ret@host/x', 'url: http://**********@host/x'],
  ['urls: [http://me:a@b@host,http://host/me@x]', 'urls: [http://******@host,http://host/me@x]'],
  ['nothing: of the kind', 'nothing: of the kind'],
])('what stands in a file is told without its secrets: %s', (text, told) => {
  expect(withoutSecrets(text)).toBe(told)
})

test('nor are they in a value that is quoted', () => {
  expect(quote({ kind: 'openai', apiKey: 'sk-literal-secret' })).toBe('{"kind":"openai","apiKey":"sk-**************"}')
})

test('a line that is cut in the middle of a secret shows none of it', () => {
  const text = `${' '.repeat(10)}apiKey: sk-${'a'.repeat(80)}, ${'x'.repeat(30)}: 1`
  const { snippet } = sourceText('a.yaml', text).placeAt(110)
  expect(snippet).toMatch(/^…\*+, x+: 1$/)
})

test('a problem of a secret shows no line, for it may stand there alone', () => {
  const place = { file: '--set a.apiKey=sk-literal-secret', snippet: '  sk-literal-secret' }
  expect(problemsError([{ place, message: 'backends.s.apiKey: must be a reference' }]).message).toBe(
    '--set a.apiKey=sk-**************: backends.s.apiKey: must be a reference',
  )
})
