import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256 } from './hub-server.ts'
import { gguf, stand, weights } from './stand.ts'

/** What becomes of a download that another program, which our lock does not keep away, interferes with after 100,000 bytes. */
async function disturbed(lab: Awaited<ReturnType<typeof stand>>, disturb: () => void): Promise<string> {
  lab.hub.faults.push({ kind: 'cut', afterBytes: 100_000 })
  return await lab.refusal(lab.pull(gguf, { wait: async () => disturb() }))
}
const blobOf = ({ partial }: Awaited<ReturnType<typeof stand>>) => join(dirname(partial), sha256(weights))

test('bytes of a program of another machine among ours never get the name of a whole file', async () => {
  await using lab = await stand()
  expect(await disturbed(lab, () => appendFileSync(lab.partial, Buffer.alloc(10_000, 1)))).toMatchInlineSnapshot(
    `"4 name.gguf is fetched by another program too, of another machine or container that has the same cache: wait for that, then run the same command again"`,
  )
  expect(existsSync(blobOf(lab))).toBe(false)
  await lab.pull(gguf)
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
})

test('a file that another program has fetched meanwhile stays whole', async () => {
  await using lab = await stand()
  const finish = () => {
    writeFileSync(lab.partial, weights)
    renameSync(lab.partial, blobOf(lab))
  }
  expect(await disturbed(lab, finish)).toMatch(/^4 name\.gguf is fetched by another program too/)
  expect(readFileSync(blobOf(lab))).toEqual(weights)
  await lab.pull(gguf)
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
})

test('a download whose beginning is removed under it says so', async () => {
  await using lab = await stand()
  expect(await disturbed(lab, () => rmSync(lab.partial))).toMatchInlineSnapshot(
    `"4 name.gguf was removed while it was fetched: run the same command again"`,
  )
})
