// What the index of reports does where scripts run: it can be searched and put in another order.
import { element, filled, say, tell } from './elements.js'

const list = document.querySelector('.reports')
const items = list === null ? [] : [...list.children]
const textOf = (item) => item.textContent.toLowerCase()
const titleOf = (item) => item.querySelector('h2').textContent
const atOf = (item) => Number(item.dataset.at)
/** Chips that warn, by the numbers in them, wherever a language has these. */
const troubleOf = (item) =>
  [...item.querySelectorAll('.warn')].reduce(
    (sum, { textContent }) => sum + Number(/\d+/.exec(textContent)?.[0] ?? 0),
    0,
  )

const orders = {
  latest: (a, b) => atOf(b) - atOf(a),
  earliest: (a, b) => atOf(a) - atOf(b),
  title: (a, b) => (titleOf(a) < titleOf(b) ? -1 : 1),
  trouble: (a, b) => troubleOf(b) - troubleOf(a),
}

function tools() {
  const count = element('span', { className: 'count' })
  const search = element('input', { type: 'search', ariaLabel: say.search, placeholder: say.search })
  const order = element('select', { ariaLabel: say['sort-by'] })
  order.append(...Object.keys(orders).map((name) => element('option', { value: name, textContent: say.orders[name] })))
  const find = () => {
    const wanted = search.value.toLowerCase().split(/\s+/)
    for (const item of items) item.hidden = !wanted.every((word) => textOf(item).includes(word))
    count.textContent = filled(say.shown, { n: items.filter((item) => !item.hidden).length, all: items.length })
  }
  search.addEventListener('input', () => {
    find()
    tell(count.textContent)
  })
  order.addEventListener('change', () => list.append(...items.toSorted(orders[order.value])))
  list.before(element('div', { className: 'tools' }, search, order, count))
  find()
}

if (items.length > 1) tools()
