import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isInstalled, packageSource } from '../../lib/lab/package-source.ts'

let top: string
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'benchbook-source-'))
  mkdirSync(join(top, 'node_modules', 'benchbook'), { recursive: true })
})
afterEach(() => rmSync(top, { recursive: true }))

const sourceOf = (resolved?: string) => {
  const lock = { packages: { 'node_modules/benchbook': { version: '0.1.0', ...(resolved && { resolved }) } } }
  writeFileSync(join(top, 'node_modules', '.package-lock.json'), JSON.stringify(lock))
  return packageSource(join(top, 'node_modules', 'benchbook'), { root: join(top, 'my-lab'), version: '0.1.0' })
}

test('a lab asks for the version where that came from a registry', () => {
  expect(sourceOf()).toBe('0.1.0')
  expect(sourceOf('https://registry.npmjs.org/benchbook/-/benchbook-0.1.0.tgz')).toBe('0.1.0')
})

test('a lab asks for the file that the package was installed from, which no registry has', () => {
  expect(sourceOf('file:../packed/benchbook-0.1.0.tgz')).toBe('file:../../packed/benchbook-0.1.0.tgz')
})

test('a lab of a checkout asks for its version', () => {
  expect(packageSource(join(top, 'checkout'), { root: top, version: '0.1.0' })).toBe('0.1.0')
})

test('what is installed in a folder above is found from a lab', () => {
  mkdirSync(join(top, 'my-lab'))
  expect(isInstalled(join(top, 'my-lab'))).toBe(true)
  expect(isInstalled(tmpdir())).toBe(false)
})
