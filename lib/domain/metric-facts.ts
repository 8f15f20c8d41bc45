/** What is said of a metric. */
export type MetricFacts = {
  /** Of one request (a trial's value is the mean over prompts of the mean per prompt, both as `mean` says), or of a whole trial. */
  level: 'request' | 'trial'
  unit: string
  better: 'higher' | 'lower' | 'neither'
  /** How values of requests make a trial's, and of launches a cell's: arithmetic where a value can be 0. */
  mean: 'geometric' | 'arithmetic'
  /** It follows from how long answers are: not compared where those of two arms differ. */
  endToEnd?: true
  /** A quality metric that is a mean: deterministic, so that its uncertainty is that of the chunks of a text, or of the prompts, and not of launches. */
  samples?: 'chunks' | 'prompts'
  /** Short name for a table's head. */
  label: string
  /** The formula in one line, as in METRICS of the design: t_1 is the first content event, N the output tokens. */
  definition: string
}
