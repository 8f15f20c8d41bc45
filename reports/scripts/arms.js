import { button, element, filled, say, tell } from './elements.js'

const chosen = new Set()
const listeners = []
const armsOf = (node) => node.dataset.arms.split(' ').map(Number)
const bar = element('div', { id: 'chosen', hidden: true })

/** The arms that are marked, now and whenever that changes. */
export function onChosen(listener) {
  listeners.push(listener)
  listener([...chosen])
}

/** Marks `arms` in every chart and table, or no longer, where they are all marked. */
export function choose(arms) {
  const all = arms.every((arm) => chosen.has(arm))
  for (const arm of arms) {
    if (all) chosen.delete(arm)
    else chosen.add(arm)
  }
  show()
}

function clear() {
  chosen.clear()
  show()
}

function show() {
  for (const made of document.querySelectorAll('.choose'))
    made.setAttribute('aria-pressed', String(armsOf(made.closest('[data-arms]')).every((arm) => chosen.has(arm))))
  for (const row of document.querySelectorAll('tr[data-arms]'))
    row.classList.toggle('faint', chosen.size > 0 && !armsOf(row).some((arm) => chosen.has(arm)))
  for (const listener of listeners) listener([...chosen])
  const text = chosen.size === 0 ? say.unmarked : filled(say.marked, { names: names().join(', ') })
  bar.hidden = chosen.size === 0
  bar.firstChild.textContent = text
  tell(text)
}

/** Of values of which every arm is marked the value, else each arm that is. */
function names() {
  const whole = [...document.querySelectorAll('#answer .key li, #charts .key li')].filter((item) =>
    armsOf(item).every((arm) => chosen.has(arm)),
  )
  const rest = new Set(chosen)
  for (const arm of whole.flatMap(armsOf)) rest.delete(arm)
  const rows = [...document.querySelectorAll('.matrix tr[data-arms]')].filter((row) =>
    armsOf(row).some((arm) => rest.has(arm)),
  )
  return [...new Set([...whole.map((item) => item.textContent.trim()), ...rows.map((row) => row.dataset.name)])]
}

/** Rows of other tables belong to the arm of the cell that they lead to. */
function markRows() {
  const arms = new Map()
  for (const row of document.querySelectorAll('.matrix tr[data-cells]'))
    for (const cell of row.dataset.cells.split(' ')) arms.set(`#cell-${cell}`, row.dataset.arms)
  for (const row of document.querySelectorAll('figure tbody tr')) {
    const arm = arms.get(row.querySelector('a[href^="#cell-"]')?.getAttribute('href'))
    if (arm !== undefined) row.dataset.arms = arm
  }
}

/** What names an arm becomes a button that marks it. */
export function armButtons() {
  markRows()
  for (const item of document.querySelectorAll('.key li, tr[data-arms] .arm')) {
    const made = button('', () => choose(armsOf(item.closest('[data-arms]'))), { className: 'choose' })
    made.append(...item.childNodes)
    made.setAttribute('aria-pressed', 'false')
    made.title = say.choose
    item.append(made)
  }
  bar.append(element('span'), button(say.clear, clear))
  document.body.append(bar)
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && chosen.size > 0) clear()
  })
}
