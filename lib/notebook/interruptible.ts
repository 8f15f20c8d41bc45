import { setImmediate as nextTurn } from 'node:timers/promises'

/** Work that is under way, and who else listened for an interrupt before it. */
const underWay = new Set<AbortController>()
let others: NodeJS.SignalsListener[] = []

/** What Jupyter's "Interrupt" says of work that it has ended. */
export class Interrupted extends Error {}

/**
 * Does work that Jupyter's "Interrupt" aborts, and whose end is waited for: tslab itself abandons the cell with a stack of its
 * own, and the work would go on unseen. A second interrupt is tslab's, should the work not end. What is in `outer` aborts it
 * as well.
 *
 * @throws {Interrupted} once the interrupted work has ended; work that fails throws what it has thrown.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
  // Node's vm, which runs cells, takes away the listeners of SIGINT while the cell's synchronous part runs, and on leaving it
  // the system's handler with those that were added meanwhile: the next interrupt would end the kernel.
  await nextTurn()
  const interrupt = new AbortController()
  if (underWay.size === 0) listenAlone()
  underWay.add(interrupt)
  try {
    const done = await work(outer === undefined ? interrupt.signal : AbortSignal.any([interrupt.signal, outer]))
    if (interrupt.signal.aborted) throw new Interrupted()
    return done
  } finally {
    underWay.delete(interrupt)
    if (underWay.size === 0) listenNoMore()
  }
}

function listenAlone(): void {
  others = process.listeners('SIGINT')
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', abortAll)
}

/** Gives the signal back to those who had it. */
function listenNoMore(): void {
  process.off('SIGINT', abortAll)
  for (const listener of others.splice(0)) process.on('SIGINT', listener)
}

function abortAll(): void {
  listenNoMore()
  for (const work of underWay) work.abort()
}
