import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { byteText } from '../domain/byte-text.ts'
import { UserError } from '../domain/user-error.ts'
import { existingFolder } from '../shell/existing-folder.ts'
import { listPlans } from '../store/list-plans.ts'
import { openStore } from '../store/open-store.ts'
import { type Finding, missing, ok, warn } from './finding.ts'

const littleDisk = 2e9

/** Whether the store opens and is whole. */
export function storeFinding(file: string): Finding {
  if (!existsSync(file)) return ok('store', `${file}: none yet, the first run makes it`)
  try {
    using store = openStore({ file, mode: 'read' })
    const plans = listPlans(store).length
    return ok('store', `${file} opens, ${plans === 1 ? '1 plan' : `${plans} plans`}`)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return missing('store', error.message, 'name another store with --store, or move this one away')
  }
}

/** Whether there is space where something is kept, and whether it may be written. */
export async function diskFinding(topic: string, folder: string): Promise<Finding> {
  const there = existingFolder(folder)
  const { bavail, bsize } = await statfs(there)
  const free = bavail * bsize
  const says = `${byteText(free)} free at ${folder}`
  const mayWrite = await access(there, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!mayWrite)
    return missing(topic, `${there} may not be written`, 'change its permissions, or work in a lab of your own')
  return free < littleDisk
    ? warn(topic, says, 'free some space: models take gigabytes, a run stops on a full disk')
    : ok(topic, says)
}
