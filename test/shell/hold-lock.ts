import { takeLock } from '../../lib/shell/named-lock.ts'

const lock = await takeLock(process.argv[2] as string, 'launch 1 of plan abc', 0)
process.send?.(lock)
process.on('disconnect', () => process.exit())
