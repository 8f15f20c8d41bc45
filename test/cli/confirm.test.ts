import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { confirmOn } from '../../lib/cli/confirm.ts'

function asked(...keys: string[]): Promise<boolean> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const answer = confirmOn({ input, output, terminal: true }, 'sure?')
  for (const key of keys) input.write(key)
  return answer
}

test('yes is y or yes, and everything else is no', async () => {
  expect(await Promise.all(['y', 'YES', '', 'n', 'yo'].map((answer) => asked(answer, '\r')))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

test('the end of the input is no', async () => {
  const input = new PassThrough()
  const answer = confirmOn({ input, output: new PassThrough(), terminal: true }, 'sure?')
  input.end()
  expect(await answer).toBe(false)
})

test.each(['\u0003', '\u0004'])('Ctrl-C and Ctrl-D end the command, without a stack: %j', async (key) => {
  await expect(asked(key)).rejects.toMatchObject({ message: 'interrupted at the question', exitCode: 130 })
})
