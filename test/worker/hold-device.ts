import { takeDeviceLock } from '../../lib/worker/device-lock.ts'

const lock = await takeDeviceLock(process.argv[2] as string, 'launch 1 of plan abc', 0)
process.send?.(lock)
process.on('disconnect', () => process.exit())
