// What a report does where scripts run: charts that answer, arms that are marked everywhere, a matrix that can be sorted,
// filtered, opened and copied. Without it everything can still be read.
import { armButtons } from './arms.js'
import { drawAll } from './charts.js'
import { matrixTools, openRowOf } from './matrix.js'
import { sortable } from './sorting.js'

/** What a link leads to is shown, however deep it is folded. */
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target === null) return
  openRowOf(target)
  for (let fold = target; fold; fold = fold.parentElement?.closest('details'))
    if (fold.tagName === 'DETAILS') fold.open = true
  ;(target.hidden ? target.closest('section') : target).scrollIntoView()
}

matrixTools()
for (const table of document.querySelectorAll('table.sorted')) sortable(table, [...table.tBodies[0].rows])
armButtons()
addEventListener('hashchange', unfold)
// A link to where one is already has to unfold it again.
document.addEventListener('click', (event) => {
  if (event.target.closest?.('a')?.hash === location.hash && location.hash !== '') unfold()
})
if (location.hash !== '') unfold()
void drawAll()
