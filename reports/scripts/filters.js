import { button, element, filled, say, tell } from './elements.js'
import { headOf } from './sorting.js'

const cellsOf = (row) => row.dataset.cells.split(' ').length
const textOf = (row, head) =>
  (row.cells[head.cellIndex].querySelector('.name') ?? row.cells[head.cellIndex]).textContent
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

/**
 * A choice for each axis of the matrix that says how many cells each value has beside what else is chosen, and how many of
 * all cells are shown. `shown` is called with each row and whether it is.
 */
export function filters(table, rows, shown) {
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.classList.contains('axis'))
  const axes = heads.map((head) => ({ head, select: element('select', { ariaLabel: headOf(head) }) }))
  const passes = (row, but) =>
    axes.every(({ head, select }) => select === but || !select.value || textOf(row, head) === select.value)
  const count = element('span', { className: 'count' })
  const all = button(say['show-all'], () => {
    for (const { select } of axes) select.value = ''
    apply()
  })
  const apply = () => {
    for (const row of rows) shown(row, passes(row))
    for (const { head, select } of axes)
      for (const option of select.options) {
        const n = sum(
          rows
            .filter((row) => passes(row, select) && [textOf(row, head), ''].includes(option.value || ''))
            .map(cellsOf),
        )
        option.textContent = option.value ? `${option.value} (${n})` : `${headOf(head)}: ${say.all}`
      }
    const values = { n: sum(rows.filter((row) => passes(row)).map(cellsOf)), all: sum(rows.map(cellsOf)) }
    count.textContent = filled(say.count, values)
    all.hidden = values.n === values.all
  }
  for (const { head, select } of axes) {
    const values = [...new Set(rows.map((row) => textOf(row, head)))]
    select.append(...['', ...values].map((value) => element('option', { value })))
    select.addEventListener('change', () => {
      apply()
      tell(count.textContent)
    })
  }
  apply()
  return [...axes.map(({ select }) => select), count, all]
}
