import { expect, test } from 'vitest'
import { cutWithoutKey, withoutKey } from '../../lib/backend/api-key.ts'

const key = 'sk-/A+b_secret=="1'
const json = (text: string) => JSON.stringify(text).slice(1, -1)
const every = (text: string, spell: (code: string) => string) =>
  text
    .split('')
    .map((one) => spell(one.charCodeAt(0).toString(16).padStart(2, '0')))
    .join('')

test.each<[string, string]>([
  ['as it is', key],
  ['in JSON', json(key)],
  ['in JSON within JSON', json(json(key))],
  ['in JSON whose slashes are escaped', json(key).replaceAll('/', '\\/')],
  ['in JSON with every character escaped', every(key, (hex) => `\\u00${hex.toUpperCase()}`)],
  ['escaped as in JSON, twice', every(key, (hex) => `\\\\u00${hex}`)],
  ['in a URL', encodeURIComponent(key)],
  ['in a URL within a URL', encodeURIComponent(encodeURIComponent(key))],
  ['in a URL, in small letters', encodeURIComponent(key).toLowerCase().replace('a', 'A')],
  ['in a URL with every character escaped', every(key, (hex) => `%${hex}`)],
  ['in HTML', key.replaceAll('"', '&quot;').replaceAll('/', '&#x2F;').replaceAll('+', '&#43;')],
  ['in base64', btoa(key)],
  ['in base64url', Buffer.from(key).toString('base64url')],
])('a key is found %s', (_, spelled) => {
  expect(withoutKey(`you sent ${spelled}.`, key).replace(/=+\.$/, '.')).toBe('you sent ***.')
})

test.each(['Bearer ', 'u:', 'user:', ''])('a key is found in the base64 of what begins with "%s"', (before) => {
  for (const after of ['', '"', '\n,']) {
    for (const encoding of ['base64', 'base64url'] as const) {
      const kept = withoutKey(Buffer.from(before + key + after).toString(encoding), key)
      expect(Buffer.from(kept.replace('***', ''), encoding).toString()).not.toMatch(/secre/)
      expect(kept).toContain('***')
    }
  }
})

test.each([
  ['the key', key],
  ['its JSON', every(key, (hex) => `\\u00${hex}`)],
  ['its place in a URL', encodeURIComponent(key)],
  ['its base64', btoa(key)],
])('wherever a message was cut within %s, none of it is left but four characters', (_, spelled) => {
  for (let length = 1; length < spelled.length; length += 1) {
    const told = cutWithoutKey(`you sent ${spelled.slice(0, length)}…`, key)
    const left = told.slice('you sent '.length, -1)
    expect(left === '***' || decoded(left).length < 4 || left.length < 6).toBe(true)
  }
})

const decoded = (text: string) =>
  text.replaceAll(/\\u[\da-f]{4}|%[\dA-F]{2}/g, 'x').replace(/(?:\\u?[\da-f]{0,3}|%.?)$/, '')

test('other text stays as it is', () => {
  const text = 'sk-/A+b_secre, c2stL0E= and %2F \\u002f &quot; stay'
  expect(withoutKey(text, key)).toBe(text)
})

test('a key of one character is found all the same', () => {
  expect(withoutKey('abc', 'b')).toBe('a***c')
})

test.each([164, 1000, 8000])('a key of %i characters, such as a signed token, is found as any other', (length) => {
  const long = Array.from({ length }, (_, i) => 'abcdefghijklmnopqrstuvwxyz./+'.charAt((i * i + i) % 29)).join('')
  for (const spelled of [long, encodeURIComponent(long), btoa(long).replace(/=+$/, '')])
    expect(withoutKey(`you sent ${spelled}`, long)).toMatch(/^you sent \*\*\*.?$/)
  expect(cutWithoutKey(`you sent ${long.slice(0, length / 2)}…`, long)).toBe('you sent ***…')
})

test('text that is nothing but beginnings of the key is read once', () => {
  const hostile = `${'\\\\'.repeat(100_000)}${'%25'.repeat(100_000)}${'ab'.repeat(300_000)}`
  expect(withoutKey(hostile, `${'ab'.repeat(2000)}c`)).toBe(hostile)
})
