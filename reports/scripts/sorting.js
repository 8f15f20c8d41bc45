import { button, filled, say, tell } from './elements.js'

/** What a head is called. */
export const headOf = (head) => head.querySelector('.name')?.textContent ?? head.textContent.trim()

/** What a cell stands for: a number, else its text; `undefined` where it has nothing. */
function keyOf(cell) {
  const text = cell.querySelector('data')?.value ?? (cell.querySelector('.name') ?? cell).textContent.trim()
  if (text === '–' || text === '') return undefined
  return Number.isNaN(Number(text)) ? text : Number(text)
}

/** Numbers before texts; what is missing comes last in either direction. */
function comparison(a, b, sign) {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -sign : a > b ? sign : 0
}

const next = { none: 'ascending', ascending: 'descending', descending: 'none' }
const signs = { ascending: 1, descending: -1 }

/**
 * Lets every column of `table` sort it: up, down, and back to the order of the file. `rows` are those that are sorted, and
 * `unit` gives the rows that travel with one.
 */
export function sortable(table, rows, unit = (row) => [row]) {
  const heads = [...table.tHead.rows[0].cells].filter((head) => !head.classList.contains('points'))
  const sortBy = (head) => {
    const order = next[head.getAttribute('aria-sort') ?? 'none']
    for (const other of heads) other.removeAttribute('aria-sort')
    const sign = signs[order]
    if (sign !== undefined) head.setAttribute('aria-sort', order)
    const key = new Map(rows.map((row) => [row, keyOf(row.cells[head.cellIndex])]))
    const sorted = sign === undefined ? rows : rows.toSorted((a, b) => comparison(key.get(a), key.get(b), sign))
    table.tBodies[0].append(...sorted.flatMap(unit))
    tell(filled(say.sorted, { name: headOf(head), order: say.order[order] }))
  }
  for (const head of heads) {
    const made = button('', () => sortBy(head), {
      className: 'sort',
      ariaLabel: filled(say.sort, { name: headOf(head) }),
    })
    if (head.classList.contains('n')) head.prepend(made)
    else head.querySelector('.name').after(made)
  }
}
