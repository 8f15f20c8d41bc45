import { expect, test } from 'vitest'
import { runCommand } from '../../lib/shell/run-command.ts'

test('a command gives its code and its lines', async () => {
  expect(await runCommand(['sh', '-c', 'echo a; echo b; exit 3'])).toEqual({ code: 3, stdout: 'a\nb' })
})

test('a program that is missing is no exception', async () => {
  expect(await runCommand(['benchbook-has-no-such-program'])).toEqual({ code: 127, stdout: '' })
})

test('a command past its time is ended', async () => {
  expect(await runCommand(['sleep', '60'], { timeoutMs: 1 })).toEqual({ code: undefined, stdout: '' })
})
