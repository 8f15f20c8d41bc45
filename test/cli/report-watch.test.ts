import { expect, test } from 'vitest'
import { watchWritten } from '../../lib/cli/report-watch.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { CommandLine } from './command-line.ts'

test('what is wrong is told once, and that it is mended, though the report is as it was before', async () => {
  using lab = new CommandLine({ 'reports/posts/mine.md': 'x' })
  using store = openStore({ file: lab.store, mode: 'write' })
  const built = { path: 'x.md', text: 'x', beside: [], typed: [], pins: [], doubts: [] }
  const made = [
    () => built,
    () => {
      throw new UserError('mine.md:1:1: wrong')
    },
    () => {
      lab.write('reports/posts/mine.md', 'again')
      throw new UserError('mine.md:1:1: wrong')
    },
    () => built,
  ]
  const told: string[] = []
  const end = Promise.withResolvers<'SIGINT'>()
  const say = (text: string) => {
    told.push(text)
    if (told.length === 3) end.resolve('SIGINT')
    else lab.write('reports/posts/mine.md', String(told.length))
  }
  const build = async () => (made.shift() ?? (() => built))()
  await watchWritten(
    { of: 'published', store, build, [Symbol.dispose]: () => {} },
    { output: 'x.md' },
    {
      cwd: lab.root,
      env: {},
      stdout: say,
      stderr: say,
      stdoutAll: () => Promise.resolve(),
      catchInterrupts: () => ({ soft: new AbortController().signal, hard: new AbortController().signal }),
      whenTold: () => end.promise,
    },
  )
  expect(told).toEqual(['x.md\n', 'benchbook: mine.md:1:1: wrong\n', 'x.md\n'])
})
