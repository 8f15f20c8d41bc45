import { InvalidArgumentError } from 'commander'
import { mostBlocks } from '../domain/plan.ts'

/** Of an option that may be given several times, all values. */
export const collect = (value: string, before: string[]): string[] => [...before, value]

/** A number of blocks. */
export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1 || number > mostBlocks)
    throw new InvalidArgumentError(`It is to be a whole number from 1 to ${mostBlocks}.`)
  return number
}
