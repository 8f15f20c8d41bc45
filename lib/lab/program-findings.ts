import { homedir } from 'node:os'
import { type ProgramKind, programKinds } from '../domain/engine-programs.ts'
import { plain } from '../domain/plain.ts'
import { withoutHome } from '../domain/without-home.ts'
import { runCommand } from '../shell/run-command.ts'
import { findProgram } from './find-program.ts'
import { type Finding, ok } from './finding.ts'
import type { Place } from './lab.ts'

const versionMs = 30_000

/** How a program says its version without loading what it computes with: the distribution of a Python, or its own option. */
const distributions: Partial<Record<ProgramKind, string>> = {
  vllm: 'vllm',
  'transformers-serve': 'transformers',
  'llama-cpp-python': 'llama_cpp_python',
  transformers: 'transformers',
  'vllm-offline': 'vllm',
}
const script = 'import importlib.metadata as m, sys; print(m.version(sys.argv[1]))'

/** The engines of this machine that are programs, each with its version and its place; those that are not there in one line. */
export async function programFindings(place: Place): Promise<Finding[]> {
  const found = await Promise.all(programKinds.map(async (kind) => ({ kind, program: await findProgram(kind, place) })))
  const there = await Promise.all(
    found.flatMap(({ kind, program }) => (program.status === 'found' ? [described(kind, program.path)] : [])),
  )
  const lacking = found.flatMap(({ kind, program }) => (program.status === 'missing' ? [kind] : []))
  if (lacking.length === 0) return there
  const words = `${lacking.join(', ')}: experiments/engines.md says how to install one; nothing else needs them`
  return [...there, ok('engines not here', words)]
}

async function described(kind: ProgramKind, path: string): Promise<Finding> {
  const version = await versionOf(kind, path)
  const where = plain(withoutHome(path, homedir()))
  return ok(kind, version === undefined ? where : `${plain(version)}, ${where}`)
}

async function versionOf(kind: ProgramKind, path: string): Promise<string | undefined> {
  const distribution = distributions[kind]
  if (distribution === undefined) {
    // llama-server says it on standard error.
    const { code, stdout } = await runCommand(['sh', '-c', '"$0" --version 2>&1', path], { timeoutMs: versionMs })
    return code === 0 ? /\bversion\b:?\s*(?:is )?([^\s,]+(?: \([^)]*\))?)/i.exec(stdout)?.[1] : undefined
  }
  const python = /python[\d.]*$/.test(path) ? path : path.replace(/[^/]+$/, 'python3')
  const { code, stdout } = await runCommand([python, '-c', script, distribution], { timeoutMs: versionMs })
  return code === 0 ? stdout.trim() : undefined
}
