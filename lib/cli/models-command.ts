import { byteText } from '../domain/byte-text.ts'
import { plain } from '../domain/plain.ts'
import { type KnownModel, knownModels } from '../lab/known-models.ts'
import { fetchedFiles, type KeptFile } from '../lab/fetched-file.ts'
import { madeFile, quantizedTypesOf, quantizeLadder } from '../lab/make-model.ts'
import { agreesToRemove } from './agrees-to-remove.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { textTable } from './text-table.ts'

export type QuantizeOptions = CommonOptions & { to: string; from?: string }
export type RemoveOptions = CommonOptions & { yes?: true }

/** Lists what models there are, where, how large, and the largest context that fits. */
export async function listModels(options: CommonOptions, io: Io): Promise<void> {
  const models = await knownModels(io)
  if (options.json) return printJson(io, { models })
  const right = { align: 'right' } as const
  const columns = [
    { head: 'model' },
    { head: 'format' },
    { head: 'weights', ...right },
    { head: 'bits', ...right },
    { head: 'size', ...right },
    { head: 'context', ...right },
    { head: 'file' },
  ]
  io.stdout(textTable(columns, models.map(row)))
}

function row({
  model,
  quantization,
  fileType,
  parameters,
  bitsPerWeight,
  bytes,
  context,
  path,
  status,
  problem,
  partialBytes,
}: KnownModel) {
  return [
    model ?? '-',
    quantization ?? fileType?.toLowerCase() ?? '-',
    parameters === undefined ? '' : countText(parameters),
    bitsPerWeight?.toFixed(2) ?? '',
    bytes === undefined ? '' : byteText(bytes),
    context === undefined ? '' : context === 0 ? 'no' : `${context}`,
    problem ?? placeText({ status, path, partialBytes }),
  ]
}

type Place = Pick<KnownModel, 'status' | 'path'> & { partialBytes: number | undefined }

function placeText({ status, path, partialBytes }: Place): string {
  if (status === 'present') return path
  return partialBytes === undefined ? `${status}: ${path}` : `${status} (${byteText(partialBytes)}): ${path}`
}

/** `3.9M`, `8.0B`. */
const countText = (count: number) => (count < 1e9 ? `${(count / 1e6).toFixed(1)}M` : `${(count / 1e9).toFixed(1)}B`)

/** Quantizes a model, and says where the files are. */
export async function quantizeModels(model: string, options: QuantizeOptions, io: Io): Promise<void> {
  const to = quantizedTypesOf(options.to.split(','))
  const { soft } = io.catchInterrupts()
  const say = (line: string) => io.stderr(`${line}\n`)
  const request = { model, to, say, signal: soft, ...(options.from !== undefined && { from: options.from }) }
  const quantized = await quantizeLadder(request, io)
  if (options.json) return printJson(io, { model, quantized })
  const right = { align: 'right' } as const
  const rows = quantized.map(({ quantization, bytes, bitsPerWeight, path }) => [
    quantization,
    byteText(bytes),
    bitsPerWeight.toFixed(2),
    path,
  ])
  io.stdout(
    textTable([{ head: 'format' }, { head: 'size', ...right }, { head: 'bits', ...right }, { head: 'file' }], rows),
  )
}

type Context = { options: RemoveOptions; io: Io }

/** Removes what was fetched or made, after asking. */
export async function removeModel(
  model: string,
  quantization: string | undefined,
  { options, io }: Context,
): Promise<void> {
  const files = quantization === undefined ? await fetchedFiles(model, io) : [await madeFile(model, quantization, io)]
  const there = files.filter(({ bytes }) => bytes !== undefined)
  const what = there.map(fileText).join(' and ')
  if (there.length > 0 && !(await agreesToRemove(what, options, io))) return
  for (const { remove } of there) await remove()
  const paths = there.map(({ path }) => path)
  if (options.json) printJson(io, { removed: paths.length > 1 ? paths : (paths[0] ?? null) })
  else io.stdout(there.length > 0 ? `removed ${what}\n` : `${files.map(fileText).join(' and ')} is not there\n`)
}

const fileText = ({ path, bytes }: KeptFile) => `${plain(path)}${bytes === undefined ? '' : ` (${byteText(bytes)})`}`
