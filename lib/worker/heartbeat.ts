import { closeSync, openSync, writeSync } from 'node:fs'
import { isDiskFull } from '../domain/disk-full.ts'

const everyMs = 1000
/** Of one length, so that a beat is written over the last one, which takes no room on a full disk. */
const characters = 47

/** Says every second that this process is there, and of how much room it is in want. */
export function startHeartbeat(path: string, pendingBytes: () => number): Disposable {
  const file = openSync(path, 'a+')
  closeSync(file)
  const beats = openSync(path, 'r+')
  const beat = () => {
    const pending = pendingBytes()
    const text = `${Date.now()}${pending > 0 ? ` full ${pending}` : ''}`
    try {
      writeSync(beats, `${text.padEnd(characters)}\n`, 0)
    } catch (error) {
      if (!isDiskFull(error)) throw error // the runner sees the full disk itself
    }
  }
  beat()
  const timer = setInterval(beat, everyMs)
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
      closeSync(beats)
    },
  }
}
