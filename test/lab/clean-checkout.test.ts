import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireClean } from '../../lib/lab/clean-checkout.ts'

let checkout: string
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'))
  execFileSync('git', ['init', '--quiet', checkout])
})
afterEach(() => rmSync(checkout, { recursive: true }))

function write(path: string): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true })
  writeFileSync(join(checkout, path), 'x')
}

test.for(['.', 'labs/my lab', 'bü"cher'])('what a run itself writes into a lab at %s is no change', async (folder) => {
  const lab = join(checkout, folder)
  for (const path of ['data/my store.db', 'data/my store.db.spool/x/worker.log', 'reports/out/x.html'])
    write(join(folder, path))
  await requireClean(lab, join(lab, 'data/my store.db'))
  write(join(folder, 'experiments/né w.yaml'))
  await expect(requireClean(lab, join(lab, 'data/my store.db'))).rejects.toThrow(
    'has uncommitted changes (experiments/né w.yaml): commit them',
  )
})

test('a lab that is no checkout is clean', async () => {
  rmSync(join(checkout, '.git'), { recursive: true })
  write('experiments/x.yaml')
  await requireClean(checkout, join(checkout, 'data/benchbook.db'))
})
