/** Samples of one answer: more are left out. */
const mostSamples = 2000
const sample = /^([A-Za-z_:][\w:]*)(?:\{.*\})? ([-+0-9.eE]+)(?: -?\d+)?$/
const counts = /_(?:total|sum|count)$/

/**
 * The counters of a text in Prometheus's exposition format: what only grows (`_total`, and the `_sum` and `_count` of histograms),
 * added up over labels. Buckets and gauges are left out, and so is what is no number.
 */
export function countersIn(text: string): Record<string, number> {
  const counters = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name = '', value] = sample.exec(line.trim()) ?? []
    const number = Number(value)
    if (!counts.test(name) || !Number.isFinite(number)) continue
    if (counters.has(name) || counters.size < mostSamples) counters.set(name, (counters.get(name) ?? 0) + number)
  }
  return Object.fromEntries(counters)
}

/** By how much each counter grew; one that began anew meanwhile, as its server did, is left out. */
export function growth(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const grown = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, by]) => by > 0))
}
