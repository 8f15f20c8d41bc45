import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Does work that Jupyter's "Interrupt" aborts: tslab itself only abandons the cell, and the work would go on unseen. What is
 * in `outer` aborts it as well.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
  // Node's vm, which runs cells, takes away the listeners of SIGINT while the cell's synchronous part runs, and on leaving it
  // the system's handler with those that were added meanwhile: the next interrupt would end the kernel.
  await nextTurn()
  const interrupt = new AbortController()
  const abort = () => interrupt.abort()
  process.on('SIGINT', abort)
  try {
    return await work(outer === undefined ? interrupt.signal : AbortSignal.any([interrupt.signal, outer]))
  } finally {
    process.off('SIGINT', abort)
  }
}
