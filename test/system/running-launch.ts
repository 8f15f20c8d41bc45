import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Lab } from './lab.ts'
import { spools } from './spool-and-store.ts'

/** Waits until a launch of a lab's plan has measured something, and gives the process that has the engine. */
export async function measuringDriver(lab: Lab): Promise<number> {
  let pid: number | undefined
  const look = () => {
    const spool = newestSpool(lab)
    if (spool === undefined || !textOf(join(spool, 'records.ndjson')).includes('"kind":"request"')) return undefined
    const { pid: worker } = JSON.parse(textOf(join(spool, 'claim'))) as { pid: number }
    return (pid = Number(textOf(`/proc/${worker}/task/${worker}/children`).split(' ')[0]) || undefined)
  }
  await expect.poll(look, { timeout: 60_000, interval: 5 }).toBeDefined()
  return pid as number
}

const numberOf = (spool: string) => Number(spool.split('-').at(-1))

function newestSpool(lab: Lab): string | undefined {
  const root = `${lab.store}.spool`
  return existsSync(root)
    ? spools(root)
        .toSorted((a, b) => numberOf(a) - numberOf(b))
        .at(-1)
    : undefined
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
