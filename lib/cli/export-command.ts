import { extname, resolve } from 'node:path'
import { UserError } from '../domain/user-error.ts'
import { exportFormats, exportPlan as textOf, type ExportFormat } from '../exchange/export-plan.ts'
import { findPlan } from '../store/find-plan.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { openLabStore } from './lab-store.ts'
import { writeTo } from './output.ts'

export type ExportOptions = CommonOptions & { output: string; format?: string }

/** Writes the data of a plan for other programs. */
export async function exportPlan(id: string, options: ExportOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const { output } = options
  const format = formatOf(options)
  await writeTo(
    output === '-' ? output : resolve(io.cwd, output),
    textOf(store, { planId: findPlan(store, id), format }),
  )
  if (output !== '-' && options.json) printJson(io, { exported: output, format })
  else if (output !== '-') io.stdout(`${output}\n`)
}

function formatOf({ output, format = extname(output).slice(1) }: ExportOptions): ExportFormat {
  const known = exportFormats.find((name) => name === format)
  if (known !== undefined) return known
  const names = exportFormats.join(' or ')
  throw new UserError(
    `cannot tell the format of ${output}: let it end in .${exportFormats.join(' or .')}, or say --format ${names}`,
  )
}
