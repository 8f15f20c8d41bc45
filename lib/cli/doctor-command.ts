import { join } from 'node:path'
import { plain } from '../domain/plain.ts'
import { wordLines } from '../domain/word-lines.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { examine } from '../lab/doctor.ts'
import { findLab } from '../lab/lab.ts'
import type { Finding } from '../lab/finding.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

export type DoctorOptions = CommonOptions & { target: string }

const lineWidth = 80

/** Says what this machine can run and what is missing; a failure only where nothing can run. */
export async function doctor(options: DoctorOptions, io: Io): Promise<ExitCode> {
  if (options.target !== 'local')
    throw new UserError(`there is no target ${plain(options.target)}: the only one so far is local, this machine`)
  const findings = await examine(options, io)
  if (options.json) printJson(io, { target: options.target, findings })
  else io.stdout(`${findingsText(findings)}\n${advisedBy(io)}\n`)
  const runs = findings.some(({ topic, status }) => topic.startsWith('llama.cpp') && status === 'ok')
  return runs ? exitCodes.ok : exitCodes.unavailable
}

const advisedBy = ({ cwd }: Io) =>
  `What runs where, and what each system cannot tell: ${join(findLab(cwd).packageRoot, 'experiments', 'machines.md')}`

/** A line for each finding, and below it what to do; no wider than 80 columns. */
export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ topic }) => topic.length))
  const indent = ' '.repeat(9 + width + 2)
  const block = (text: string) => wordLines(plain(text), lineWidth - indent.length).join(`\n${indent}`)
  const lines = findings.map(({ topic, status, says, advice }) => {
    const head = `${status.padEnd(9)}${topic.padEnd(width)}  ${block(says)}\n`
    return advice === undefined ? head : `${head}${indent}${block(`-> ${advice}`)}\n`
  })
  return lines.join('')
}
