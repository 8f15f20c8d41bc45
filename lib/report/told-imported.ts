import type { ImportedLog } from '../domain/imported-log.ts'
import type { ImportedComparison } from '../verdict/compare-imported.ts'
import { percent } from './numbers.ts'
import { toldMetric, type ToldMetric } from './told-comparison.ts'
import type { Words } from './words.ts'

/** Two imported logs in words. */
export type ToldImports = {
  names: { base: string; against: string }
  title: string
  /** The sentence on the first metric. */
  says: string
  metrics: readonly ToldMetric[]
  comparison: { declared: false }
  remarks: readonly string[]
}

const decimals = 4
const correlationDigits = 3

/** What is said of two imported logs, in words: whatever else, that they were not measured here. */
export function toldImports(compared: ImportedComparison, words: Words): ToldImports {
  const { base, against } = compared
  const names = namesOf(base, against)
  const metrics = compared.metrics.map((each) => toldMetric(each, { cell: '', names, words }))
  const [first] = metrics
  return {
    names,
    title: words('imported.title', names),
    says: first === undefined ? words('verdict.nothing-compared') : `${first.label}: ${first.says}`,
    metrics,
    comparison: { declared: false },
    remarks: remarksOf(compared, words),
  }
}

/** By their labels; by their files where those are the same, and by their ids where those are too. */
function namesOf(base: ImportedLog, against: ImportedLog): ToldImports['names'] {
  const forms = [quantizationOf, labelsOf, fileOf]
  const sameModel = base.model === against.model
  for (const form of sameModel ? forms : forms.slice(1)) {
    const [a, b] = [form(base), form(against)]
    if (a !== undefined && b !== undefined && a !== b) return { base: a, against: b }
  }
  return { base: `import:${base.id}`, against: `import:${against.id}` }
}

const quantizationOf = ({ quantization }: ImportedLog) => quantization
const fileOf = ({ file }: ImportedLog) => file
const labelsOf = ({ model, quantization }: ImportedLog) =>
  model === undefined ? undefined : [model, quantization].filter((part) => part !== undefined).join(' ')

function remarksOf({ base, against, metrics, rounding, together }: ImportedComparison, words: Words): string[] {
  if (metrics.every(({ verdict }) => verdict.row === 'not-comparable')) return []
  const isKnown = base.textDigest !== undefined && base.textDigest === against.textDigest
  const level = metrics.find(({ estimate }) => estimate !== undefined)?.estimate?.interval.confidence
  return [
    ...(isKnown ? [words('imported.text-known')] : [words('imported.text-unknown')]),
    ...(together === undefined || isKnown
      ? []
      : [words('imported.together', { value: together.toFixed(correlationDigits) })]),
    words('imported.digits', { n: decimals, share: percent(rounding) }),
    ...(metrics.length > 1 && level !== undefined ? [words('verdict.sure', { level: percent(level) })] : []),
    words('imported.exploratory'),
  ]
}
