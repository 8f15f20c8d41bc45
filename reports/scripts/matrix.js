import { button, copyButton, element, filled, say } from './elements.js'
import { filters } from './filters.js'
import { headOf, sortable } from './sorting.js'

const table = document.querySelector('.matrix')
const rows = table === null ? [] : [...table.tBodies[0].rows]
/** What opens under a row: its cells with their trials. */
const inside = new Map()

function open(row, yes) {
  inside.get(row).hidden = !yes || row.hidden
  row.querySelector('.open').setAttribute('aria-expanded', String(yes))
}
const isOpen = (row) => row.querySelector('.open').getAttribute('aria-expanded') === 'true'

/** Shows a row with what is open below it, or hides both. */
function show(row, yes) {
  row.hidden = !yes
  inside.get(row).hidden = !yes || !isOpen(row)
}

/** Trials and requests stand below the matrix for those without scripts; here each row takes its own. */
function rowsThatOpen() {
  for (const row of rows) {
    const cells = row.dataset.cells.split(' ').map((cell) => document.getElementById(`cell-${cell}`).closest('details'))
    if (cells.length === 1) cells[0].open = true
    const place = element('div', { className: 'of-row' }, ...cells)
    const below = element('tr', { className: 'below', hidden: true, id: `row-${rows.indexOf(row)}` })
    below.append(element('td', { colSpan: row.cells.length }, place))
    row.after(below)
    inside.set(row, below)
    const made = button('', () => open(row, !isOpen(row)), {
      className: 'open',
      ariaExpanded: 'false',
      ariaLabel: filled(say.open, { name: row.dataset.title }),
    })
    made.setAttribute('aria-controls', below.id)
    row.cells[0].prepend(made)
  }
  document.getElementById('samples').hidden = true
}

/** Opens the row that `node` is folded in. */
export function openRowOf(node) {
  const found = rows.find((row) => inside.get(row)?.contains(node))
  if (found === undefined) return
  if (found.hidden) document.querySelector('.tools .show-all')?.click()
  open(found, true)
}

/** Which metrics are shown. */
function columnChooser() {
  const heads = [...table.tHead.rows[0].cells].filter(
    (head) => head.dataset.column && !head.classList.contains('points'),
  )
  const labels = heads.map((head) => {
    const box = element('input', { type: 'checkbox', checked: !head.hidden })
    box.addEventListener('change', () => {
      for (const cell of table.querySelectorAll('[data-column]'))
        if (cell.dataset.column === head.dataset.column) cell.hidden = !box.checked
    })
    return element('label', {}, box, ` ${headOf(head)}`)
  })
  const legend = element('legend', { className: 'unseen', textContent: say.metrics })
  return element(
    'details',
    {},
    element('summary', { textContent: say.metrics }),
    element('fieldset', {}, legend, ...labels),
  )
}

/** What is shown of a row of the matrix, as texts. */
function fieldsOf(row) {
  const cells = [...row.cells].filter((cell) => !cell.hidden && !cell.classList.contains('points'))
  if (row.closest('thead') === null) return cells.map(textOf)
  return cells.map((cell) => `${headOf(cell)} ${cell.querySelector('small')?.textContent ?? ''}`.trim())
}

/** What is shown, in the order in which it is shown. */
function shownLines() {
  const shown = [...table.tBodies[0].rows].filter((row) => inside.has(row) && !row.hidden)
  return [table.tHead.rows[0], ...shown].map(fieldsOf)
}

const textOf = (cell) => cell.querySelector('data')?.value ?? (cell.querySelector('.name') ?? cell).textContent.trim()
const csv = (lines) =>
  lines
    .map((line) =>
      line.map((text) =>
        /[",\n\r]|^[=+@-]/.test(text) ? `"${text.replace(/^[=+@-]/, "'$&").replaceAll('"', '""')}"` : text,
      ),
    )
    .map((line) => line.join(','))
    .join('\n')
const markdown = ([head, ...lines]) =>
  [head, head.map(() => '---'), ...lines]
    .map((line) => `| ${line.map((text) => text.replaceAll(/[|\\]/g, '\\$&').replaceAll(/\s+/g, ' ')).join(' | ')} |`)
    .join('\n')

function openAllButton() {
  const made = button(say['open-all'], () => {
    const some = rows.some((row) => !isOpen(row))
    for (const row of rows) open(row, some)
    made.textContent = some ? say['close-all'] : say['open-all']
  })
  return made
}

/** Everything that the matrix can do. */
export function matrixTools() {
  if (table === null || rows.length === 0) return
  rowsThatOpen()
  const tools = element('div', { className: 'tools' }, ...filters(table, rows, show))
  tools.append(
    copyButton(filled(say.copy, { format: 'CSV' }), () => csv(shownLines())),
    copyButton(filled(say.copy, { format: 'Markdown' }), () => markdown(shownLines())),
    openAllButton(),
    columnChooser(),
  )
  table.parentElement.before(tools)
  sortable(table, rows, (row) => [row, inside.get(row)])
}
