import { createRequire } from 'node:module'
import { sep } from 'node:path'

/** What Jupyter shows of one output: the same thing by several mime types, of which a viewer takes the best that it knows. */
export type MimeBundle = { readonly [mime: string]: unknown }

/** An output that is on display. */
export type Shown = {
  /** Shows something else in its place. */
  update: (bundle: MimeBundle) => void
}

type Writer = (
  content: { data: MimeBundle; metadata: object; transient: { display_id: string } },
  update: boolean,
) => void

const writerFile = ['tslab', 'dist', 'jupyter.js'].join(sep)
let serial = 0

/**
 * What writes to the notebook, where this process is a tslab kernel. tslab's public interface sends one mime type at a time;
 * this is what it sends them with (tslab 1.0.22). It changes with every cell, so it is looked up each time, and among the
 * loaded modules, since only the running kernel's own copy of tslab has it.
 */
function writer(): Writer | undefined {
  const loaded = Object.entries(createRequire(import.meta.url).cache).find(([path]) => path.endsWith(writerFile))
  const { lastWriteDisplayData } = (loaded?.[1]?.exports ?? {}) as { lastWriteDisplayData?: Writer | null }
  return lastWriteDisplayData ?? undefined
}

/**
 * Puts an output under the cell that runs. Outside of a tslab kernel nothing is shown.
 *
 * @example
 * display({ 'text/html': '<b>fast</b>', 'text/plain': 'fast' })
 */
export function display(bundle: MimeBundle): Shown {
  serial += 1
  const id = `benchbook-${process.pid}-${serial}`
  const send = (data: MimeBundle, update: boolean) =>
    writer()?.({ data, metadata: {}, transient: { display_id: id } }, update)
  send(bundle, false)
  return { update: (other) => send(other, true) }
}
