import { type ImportedLog, importPrefix } from '../domain/imported-log.ts'
import { plain } from '../domain/plain.ts'
import { thousands } from '../domain/thousands.ts'
import { expOf } from '../measure/perplexity.ts'
import { overWindows } from '../measure/over-windows.ts'
import { placesOf } from '../verdict/compare-imported.ts'

/** Marks an import wherever it is shown. */
export const provenance = 'imported from llama-perplexity, not measured by Benchbook'

/** The model and its quantization, as the user or the log names them. */
export function importLabel({ model, quantization }: ImportedLog): string {
  const parts = [model, quantization].filter((part) => part !== undefined)
  return parts.length === 0 ? 'of a model that it does not name (--model)' : plain(parts.join(' '))
}

/** `perplexity 20.9880 ± 1.17416 over 10 chunks of 512 tokens, KL divergence 0.023771 ± 0.000569` */
export function sayOf({ statistics, chunks, context }: ImportedLog): string {
  const { perplexity, kld_mean: kld } = statistics
  const over =
    chunks === 0
      ? ''
      : ` over ${thousands(chunks)} chunks${context === undefined ? '' : ` of ${thousands(context)} tokens`}`
  return [
    ...(perplexity ? [`perplexity ${printedText(perplexity)}${over}`] : []),
    ...(kld ? [`KL divergence ${printedText(kld)}`] : []),
  ].join(', ')
}

type Printed = ImportedLog['statistics'][string]
/** As the program printed it. */
export const printedText = ({ value, error }: Printed): string => (error === undefined ? value : `${value} ± ${error}`)

/** The 95 % interval of its perplexity by a bootstrap over its chunks, as that of a measured one; `undefined` where it has none. */
export function chunkInterval(log: ImportedLog): { low: number; high: number } | undefined {
  const { low, high } = expOf(overWindows(placesOf(log, 'perplexity').map((nll) => [nll])))
  return low === undefined || high === undefined ? undefined : { low, high }
}

/** An import as `--json` gives it: what was printed stays text, digit by digit. */
export const importJson = ({ id, ...log }: ImportedLog) => ({
  id: `${importPrefix}${id}`,
  provenance,
  ...log,
  ...(log.cumulative.perplexity !== undefined && { interval: chunkInterval({ id, ...log }) }),
})
