import { startProcess } from '../shell/start-process.ts'

/** A program that prints lines until it is stopped. */
export type LineSource = { lines: AsyncIterable<string>; stop: () => Promise<unknown> }
export type StartLines = (argv: readonly [string, ...string[]]) => LineSource

/** Times that something may be missing from the driver's list before what was said of it counts no more. */
export const missedRounds = 4

export const startQuietly: StartLines = (argv) => startProcess(argv, { stderr: 'ignore' })

/** A card's, whole: it stands last in a line, so that one that was cut off is known by it. */
export const isCardId = (field: string | undefined): field is string =>
  field !== undefined && /^(GPU|MIG)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(field)

export const fieldsOf = (line: string): string[] => line.split(',').map((field) => field.trim())

/** The driver writes `[N/A]`, `[Not Supported]` or `[Unknown Error]` where it knows none. */
export const numberOf = (field: string | undefined): number | undefined =>
  field !== undefined && /^\d+(\.\d+)?$|^0x[0-9a-f]+$/i.test(field) ? Number(field) : undefined
