import { basename, extname } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { exportFormats, exportPlan as textOf, type ExportFormat } from '../exchange/export-plan.ts'
import { findPlan } from '../store/find-plan.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { oneOf } from './one-of.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { writeOutput } from './output.ts'

export type ExportOptions = CommonOptions & {
  output: string
  format?: string
  /** `false`: of a bundle, digests in place of texts. */
  text?: boolean
}

/** Writes the data of a plan for other programs, or one answer as it came. */
export async function exportData(id: string, options: ExportOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const { output } = options
  if (id.startsWith('request:')) {
    const { exportStream } = await import('./export-stream.ts')
    return await exportStream(id, options, { store, io })
  }
  const format = formatOf(options)
  if (options.text === false && format !== 'bundle')
    throw new UserError(`--no-text is for bundles: let the file end in .bundle, or leave it out`)
  const texts = options.text === false ? 'digests' : 'all'
  await writeOutput({ path: output }, textOf(store, { planId: findPlan(store, id), format, texts }), io)
  if (output !== '-' && options.json) printJson(io, { exported: output, format })
  else if (output !== '-') io.stdout(`${output}\n`)
  if (format === 'bundle' && output !== '-')
    io.stderr(`measure it again elsewhere with  benchbook reproduce ${plain(basename(output))}\n`)
}

function formatOf({ output, format }: ExportOptions): ExportFormat {
  const known = exportFormats.find((name) => name === (format ?? extname(output).slice(1)))
  if (known !== undefined) return known
  const names = oneOf(exportFormats)
  if (format !== undefined) throw new UserError(`--format is ${names}, got ${JSON.stringify(format)}`)
  const ending = output === '-' ? '' : `let it end in ${oneOf(exportFormats.map((name) => `.${name}`))}, or `
  throw new UserError(`cannot tell the format of ${plain(output)}: ${ending}say --format ${names}`)
}
