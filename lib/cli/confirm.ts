import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { exitCodes, UserError } from '../domain/user-error.ts'

type Streams = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream; terminal?: boolean }

/** Asks a question that is answered with y or yes, or else means no, as the end of the input does. Ctrl-C and Ctrl-D throw a `UserError`. */
export async function confirmOn(streams: Streams, question: string): Promise<boolean> {
  using terminal = createInterface(streams)
  const ended = once(terminal, 'close').then(() => '')
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), ended])
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error
    throw new UserError('interrupted at the question', exitCodes.interrupted, { cause: error })
  }
}
