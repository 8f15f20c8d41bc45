import type { PlanData } from '../../lib/domain/plan-data.ts'
import { observedOf } from '../../lib/report/observed-requests.ts'
import { planBindings } from '../../lib/report/plan-bindings.ts'
import type { PostBindings } from '../../lib/report/post-bindings.ts'
import { reportView } from '../../lib/report/report-view.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'

export const template = await loadTemplates()

/** What a post on `data` is bound to, in the packaged words. */
export function bindingsOf(data: PlanData): PostBindings {
  const words = wordsOf(template.strings)
  const observed = observedOf(data)
  const view = reportView(data, words, { store: '', templates: '' }, observed)
  return planBindings({ data, observed, view, words, command: 'benchbook report x -o x.md' })
}
