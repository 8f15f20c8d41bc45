import { existsSync, statSync } from 'node:fs'
import { byteText } from '../domain/byte-text.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { findGarbage, type Garbage, removeGarbage } from '../lab/garbage.ts'
import { openLabStore, storeFile } from '../lab/lab-store.ts'
import { seenFrom } from '../lab/seen-from.ts'
import { agreesToRemove } from './agrees-to-remove.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { textTable } from './text-table.ts'

export type GcOptions = CommonOptions & { older: string; models?: true; vacuum?: true; dryRun?: true; yes?: true }

/** Lists what can go, asks, and removes it. */
export async function gc(options: GcOptions, io: Io): Promise<void> {
  const garbage = await listed(options, io)
  const bytes = garbage.reduce((sum, each) => sum + each.bytes, 0)
  const rows = garbage.map(({ what, path, bytes: size }) => ({ what, path: seenFrom(io.cwd, path), bytes: size }))
  if (!options.json) io.stdout(garbage.length === 0 ? 'nothing to remove\n' : tableOf(rows))
  const removed =
    options.dryRun !== true && garbage.length > 0 && (await agreesToRemove(`these (${byteText(bytes)})`, options, io))
  if (removed) await removeGarbage(garbage, io)
  const vacuumed = options.vacuum === true && options.dryRun !== true ? vacuum(options, io) : 0
  if (options.json) return printJson(io, { garbage: rows, bytes, removed, vacuumedBytes: vacuumed })
  if (removed) io.stdout(`removed, ${byteText(bytes)}\n`)
  if (vacuumed > 0) io.stdout(`the store gave back ${byteText(vacuumed)}\n`)
}

async function listed({ older, models, ...options }: GcOptions, io: Io): Promise<Garbage[]> {
  const olderThanMs = ageMs(older)
  const file = storeFile(options, io)
  using store = existsSync(file) ? openLabStore(options, io, 'read') : undefined
  const nowMs = Date.now()
  return await findGarbage({ store, file, place: io, olderThanMs, nowMs, models: models === true })
}

function tableOf(rows: readonly Garbage[]): string {
  const head = [{ head: 'what' }, { head: 'size', align: 'right' as const }, { head: 'file' }]
  return textTable(
    head,
    rows.map(({ what, bytes, path }) => [what, what === 'digest' ? '' : byteText(bytes), path]),
  )
}

function vacuum(options: CommonOptions, io: Io): number {
  const file = storeFile(options, io)
  if (!existsSync(file)) return 0
  const before = statSync(file).size
  {
    using store = openLabStore(options, io, 'write')
    store.vacuum()
  }
  return before - statSync(file).size
}

const unitMs = { h: 3_600_000, d: 86_400_000 } as const

function ageMs(text: string): number {
  const [, number, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  if (unit === undefined)
    throw new UserError(`--older is an age such as 12h or 30d, got ${JSON.stringify(plain(text))}`)
  return Number(number) * unitMs[unit as keyof typeof unitMs]
}
