import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { rebuildOnChange } from '../../lib/lab/rebuild-on-change.ts'
import { watchReport } from '../../lib/lab/watch-report.ts'

/** Everything by hand: what changes, when it has settled, when it ends. */
class Watched {
  readonly log: string[] = []
  readonly #told = Promise.withResolvers<void>()
  #onChange = () => {}
  duringBuild: (() => void) | undefined

  run(): Promise<void> {
    return rebuildOnChange({
      build: async () => {
        this.log.push('build')
        const during = this.duringBuild
        this.duringBuild = undefined
        during?.()
      },
      watch: (onChange) => {
        this.#onChange = onChange
        return { [Symbol.dispose]: () => void this.log.push('unwatched') }
      },
      settle: async () => void this.log.push('settle'),
      told: this.#told.promise,
    })
  }
  change = () => this.#onChange()
  end = () => this.#told.resolve()
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('it is built at once, and after each change when that has settled; several at once are one', async () => {
  const watched = new Watched()
  const running = watched.run()
  await turn()
  expect(watched.log).toEqual(['build'])
  watched.change()
  watched.change()
  await turn()
  expect(watched.log).toEqual(['build', 'settle', 'unwatched', 'build'])
  watched.end()
  await running
  expect(watched.log.slice(4)).toEqual(['unwatched'])
})

test('what changes while it is built is built afterwards, and an end during it waits for it', async () => {
  const watched = new Watched()
  watched.duringBuild = watched.change
  const running = watched.run()
  await turn()
  expect(watched.log.filter((each) => each === 'build')).toHaveLength(2)
  watched.duringBuild = watched.end
  watched.change()
  await running
  expect(watched.log.at(-1)).toBe('unwatched')
})

test('posts, templates and what is in the store are watched; reports that were written and readers of the store are not', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchbook-watch-'))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  for (const file of ['experiments/x.yaml', 'reports/posts/x.md', 'reports/out/x.html', 'data/benchbook.db'])
    write(file, 'x')
  const changed = async (...files: string[]) => {
    const change = Promise.withResolvers<void>()
    let calls = 0
    using _ = watchReport(root, { store: join(root, 'data/benchbook.db') }, () => {
      calls += 1
      change.resolve()
    })
    for (const file of files)
      write(file, file === 'data/benchbook.db-shm' || file.endsWith('-wal') ? '' : `${file} ${calls}`)
    await change.promise
    return calls > 0
  }
  try {
    expect(await changed('reports/posts/x.md')).toBe(true)
    expect(await changed('reports/templates/new.hbs')).toBe(true)
    expect(await changed('data/benchbook.db')).toBe(true)
    let silent = true
    using _ = watchReport(root, { store: join(root, 'data/benchbook.db') }, () => void (silent = false))
    for (const file of ['data/benchbook.db-shm', 'data/benchbook.db-wal', 'reports/out/x.html']) write(file, '')
    // What came first is told first: once this one is, those before it would have been.
    const later = changed('reports/posts/x.md')
    expect(silent).toBe(true)
    await later
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
