import { metrics, type Metric } from '../domain/metric.ts'

/** Which words a metric's verdicts use: faster, slower; uses more, less; costs more, less; worse, better; higher, lower. */
export type VerdictVerb = 'speed' | 'use' | 'cost' | 'quality' | 'amount'

const speeds = ['tokens/s', 'requests/s', 'ms']
const uses = ['bytes', 'W', 'J', 'J/token']
// Their units are those of others.
const own: Partial<Record<Metric, VerdictVerb>> = {
  cpu_cores: 'use',
  client_cores: 'use',
  goodput: 'quality',
  send_lag_ms: 'quality',
  loop_delay_ms: 'quality',
}

/** The words for `metric`. */
export function verdictVerb(metric: Metric): VerdictVerb {
  const { unit, better } = metrics[metric]
  if (better === 'neither') return 'amount'
  if (unit === 'USD/Mtok') return 'cost'
  const verb = speeds.includes(unit) ? 'speed' : uses.includes(unit) ? 'use' : 'quality'
  return own[metric] ?? verb
}

/** What a rise, or a fall, of `metric` is. */
export function verdictTurn(metric: Metric, rises: boolean): 'better' | 'worse' | 'more' | 'less' {
  const { better } = metrics[metric]
  if (better === 'neither') return rises ? 'more' : 'less'
  return (better === 'higher') === rises ? 'better' : 'worse'
}
