import { expect, test } from 'vitest'
import { pageScript } from '../../lib/report/page-script.ts'

test('a page has one script of all its modules, and nothing is read from elsewhere', async () => {
  const script = await pageScript(
    { 'page.js': "import { a } from './a.js'\na()", 'a.js': 'export const a = () => 42' },
    'page.js',
  )
  expect(script).toContain('42')
  expect(script).not.toContain('import')
  await expect(pageScript({ 'page.js': "import '../../package.json'" }, 'page.js')).rejects.toThrow(
    'reports/scripts has no package.json',
  )
})

test('a module of a lab that cannot be read is an error with its place', async () => {
  await expect(pageScript({ 'page.js': 'let = = 1' }, 'page.js')).rejects.toThrow(
    /^the scripts in reports\/scripts do not fit together: [^]*page\.js:1/,
  )
})
