import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import type { CommonOptions } from './io.ts'
import { oneOf } from './one-of.ts'

/** The options of `emulate`. */
export type EmulateOptions = CommonOptions & {
  port?: string
  host?: string
  model?: string[]
  set?: string[]
  config?: string
  fault?: string[]
  truth?: string
  replay?: string
  speed?: string
  feel?: string | true
  verbose?: true
}

/** Settings that a single reader of a single answer feels. */
const felt = ['seed', 'firstTokenMs', 'tokenMs', 'jitter']
/** What only a server can be told. */
const ofServers = ['port', 'host', 'model', 'fault', 'truth', 'verbose'] as const
/** What an answer is made by; a recorded one is there already. */
const ofAnswers = ['set', 'config', 'fault'] as const

/** Throws a `UserError` for arguments of `emulate` that do not go together: none is left out silently. */
export function checkEmulateArguments(options: EmulateOptions): void {
  const problems = [...speedProblems(options), ...replayProblems(options), ...feelProblems(options)]
  if (problems.length > 0) throw new UserError(problems.join('\n'))
}

function speedProblems({ speed, replay }: EmulateOptions): string[] {
  return speed !== undefined && replay === undefined
    ? ['--speed is how fast a recording is replayed: name one with --replay, or leave it out']
    : []
}

function replayProblems({ replay, ...options }: EmulateOptions): string[] {
  const given = replay === undefined ? [] : namesOf(ofAnswers, options)
  return given.length > 0 ? [`--replay answers as it was recorded: leave out ${given.join(', ')}, or --replay`] : []
}

function feelProblems({ feel, replay, set = [], ...options }: EmulateOptions): string[] {
  if (feel === undefined) return []
  const problems: string[] = []
  const served = namesOf(ofServers, options)
  if (served.length > 0) problems.push(`--feel serves nothing: leave out ${served.join(', ')}, or --feel`)
  if (replay !== undefined && feel !== true)
    problems.push(`--feel ${plain(feel)} is a rate, and --replay has one of its own: take --speed, and --feel alone`)
  if (replay !== undefined) return problems
  const names = set.map((text) => text.split('=', 1)[0]?.trim() ?? '')
  const unfelt = set.filter((_, at) => !felt.includes(names[at] as string))
  if (unfelt.length > 0)
    problems.push(`--feel shows one answer to one reader: set ${oneOf(felt)}, not ${plain(unfelt.join(', '))}`)
  if (feel !== true && names.includes('tokenMs'))
    problems.push(`--feel ${plain(feel)} and --set tokenMs both say the rate: leave one out`)
  return problems
}

const namesOf = <N extends keyof EmulateOptions>(names: readonly N[], options: Partial<Record<N, unknown>>) =>
  names.filter((name) => options[name] !== undefined).map((name) => `--${name}`)
