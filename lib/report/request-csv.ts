import { csvLine } from '../domain/csv.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import type { PlanSetting, RequestRow, TrialRow } from '../domain/plan-data.ts'
import { axisText } from './comparison.ts'

const ofRequests = (Object.keys(metrics) as Metric[]).filter((metric) => metrics[metric].level === 'request')

/** The requests of a plan as lines of CSV, with all digits: the axes of their cell, then columns as in the view `v_request`. */
export class RequestCsv {
  readonly head: string
  readonly #places: ReadonlyMap<number, string>
  #last = { id: '', field: '' }

  constructor({ plan, trials }: PlanSetting) {
    const axes = [...new Set(plan.cells.flatMap((cell) => Object.keys(cell.axes)))]
    const texts = new Map(plan.cells.map((cell) => [cell.id, fields(axes.map((axis) => axisText(cell.axes[axis])))]))
    const placeOf = ({ id, launchId, block, cellId }: TrialRow) => `${texts.get(cellId)},${launchId},${block},${id}`
    this.#places = new Map(trials.map((trial) => [trial.id, placeOf(trial)]))
    const place = [...axes, 'launch_id', 'block', 'trial_id', 'request_id', 'phase', 'ordinal', 'part']
    const own = ['prompt_id', 'client', 'status', 'reason', 'sent_us', 'done_us', 'prompt_tokens', 'output_tokens']
    this.head = csvLine([...place, ...own, ...ofRequests])
  }

  /** One request. */
  line(request: RequestRow): string {
    const { id, trialId, phase, index, part, promptId, client, status, reason, sentUs, doneUs } = request
    let line = `${this.#places.get(trialId)},${id},${phase},${index},${part},${this.#prompt(promptId)},${client},${status},`
    line += `${reason ?? ''},${sentUs},${doneUs},${request.promptTokens ?? ''},${request.outputTokens ?? ''}`
    for (const metric of ofRequests) line += `,${request.metrics[metric] ?? ''}`
    return `${line}\r\n`
  }

  #prompt(id: string): string {
    if (this.#last.id !== id) this.#last = { id, field: fields([id]) }
    return this.#last.field
  }
}

function fields(texts: readonly string[]): string {
  return csvLine(texts).slice(0, -2)
}
