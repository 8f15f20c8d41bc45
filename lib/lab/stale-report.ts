import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { pageText } from '../report/page-text.ts'
import { isStale, pinText } from '../report/stale-pin.ts'
import { type Difference, differences, differenceText } from '../report/text-difference.ts'
import type { BuiltReport } from './built-report.ts'

/** Something that is no longer what the store says; without a line, a file as a whole. */
export type Stale = { file: string; line?: number; column?: number; says: string }

/**
 * What of a report that was written is not what it is when it is made now, and the pins of its prose that no longer hold; nothing where all
 * is up to date. Throws a `UserError` where the report is not there to be checked.
 */
export async function staleParts({ path, text, beside, pins }: BuiltReport, cwd: string): Promise<Stale[]> {
  const there = await bytesAt(path, cwd)
  if (there === undefined)
    throw new UserError(`${plain(path)} is not there: write it first, the same without --check, or name it with -o`)
  const images = await Promise.all(beside.map((file) => staleImage(file, cwd)))
  return [...staleText(path, there.toString(), text), ...images.flat(), ...pins.filter(isStale).map(stalePin)]
}

function staleText(file: string, there: string, now: string): Stale[] {
  if (there === now) return []
  const isPage = !file.endsWith('.md')
  const found = isPage ? differences(pageText(there), pageText(now)).filter(isSeen) : differences(there, now)
  if (found.length === 0) return [{ file, says: 'its text is up to date, but its style, scripts or charts are not' }]
  return found.map((each) => ({ file, line: each.line, says: differenceText(each) }))
}

/** In a page no space is more than another. */
const isSeen = ({ parts }: Difference) => parts.some(({ kind, text }) => kind !== 'same' && text.trim() !== '')

async function staleImage({ path, content }: BuiltReport['beside'][number], cwd: string): Promise<Stale[]> {
  const there = await bytesAt(path, cwd)
  if (there === undefined) return [{ file: path, says: 'is not there' }]
  return there.equals(Buffer.from(content)) ? [] : [{ file: path, says: 'is another picture now' }]
}

const stalePin = (pin: BuiltReport['pins'][number]): Stale => ({ ...pin.place, says: pinText(pin) })

async function bytesAt(path: string, cwd: string): Promise<Buffer | undefined> {
  try {
    return await readFile(resolve(cwd, path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new UserError(`cannot read ${plain(path)} (${code})`, undefined, { cause: error })
  }
}
