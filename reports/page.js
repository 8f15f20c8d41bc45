// What the page does where scripts run: charts that answer, arms that are marked everywhere, a matrix that can be sorted,
// filtered and copied. Without it everything can still be read. `vega` is the chart runtime in the script before.
'use strict'

// The words that are needed only where scripts run.
const say = document.body.dataset

const chosen = new Set()
const charts = []
const tip = document.body.appendChild(Object.assign(document.createElement('div'), { id: 'tip', hidden: true }))

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

// Arms

const armsOf = (node) => node.dataset.arms.split(' ').map(Number)

/** Marks `arms` in every chart and table, or no longer, where they are all marked. */
function choose(arms) {
  const all = arms.every((arm) => chosen.has(arm))
  for (const arm of arms) {
    if (all) chosen.delete(arm)
    else chosen.add(arm)
  }
  showChosen()
}

function showChosen() {
  for (const button of document.querySelectorAll('.choose'))
    button.setAttribute('aria-pressed', String(armsOf(button.closest('[data-arms]')).every((arm) => chosen.has(arm))))
  for (const row of document.querySelectorAll('tr[data-arms]'))
    row.classList.toggle('faint', chosen.size > 0 && !armsOf(row).some((arm) => chosen.has(arm)))
  for (const { view } of charts) view.signal('chosen', [...chosen]).runAsync()
}

/** What names an arm becomes a button that marks it. */
function armButtons() {
  for (const item of document.querySelectorAll('.key li, .matrix tbody th')) {
    const button = element('button', { type: 'button', className: 'choose' }, ...item.childNodes)
    button.setAttribute('aria-pressed', 'false')
    button.addEventListener('click', () => choose(armsOf(item.closest('[data-arms]'))))
    item.append(button)
  }
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || chosen.size === 0) return
    chosen.clear()
    showChosen()
  })
}

// Charts

function showTip(_, event, item, value) {
  tip.hidden = typeof value !== 'string' || value === ''
  if (tip.hidden) return
  tip.textContent = value
  const { width, height } = tip.getBoundingClientRect()
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`
  tip.style.top = `${event.clientY - height - 10 > 0 ? event.clientY - height - 10 : event.clientY + 18}px`
}

/** Draws a chart again, so that it answers, and puts it in place of the picture of it. */
async function draw(figure) {
  const plot = figure.querySelector('.plot')
  const spec = JSON.parse(figure.querySelector('script.chart').textContent)
  const host = element('div')
  const view = new vega.View(vega.parse(spec, {}, { ast: true }), {
    renderer: 'svg',
    expr: vega.expressionInterpreter,
    tooltip: showTip,
  }).initialize(host)
  await view.runAsync()
  view.addEventListener('click', (_, item) => item?.datum?.arm !== undefined && choose([item.datum.arm]))
  const width = spec.signals?.some(({ name }) => name === 'child_width') ? 'child_width' : 'width'
  const chart = { view, plot, host, width }
  plot.replaceChildren(host)
  charts.push(chart)
  await fit(chart)
}

/** As wide as its place, and never so narrow that it cannot be read: then it scrolls. */
async function fit({ view, plot, host, width }) {
  const svg = host.querySelector('svg')
  const beside = Number(svg.getAttribute('width')) - view.signal(width)
  const wanted = Math.max(170, plot.clientWidth - beside)
  if (Math.abs(wanted - view.signal(width)) > 1) await view.signal(width, wanted).resize().runAsync()
}

async function drawAll() {
  await Promise.all([...document.querySelectorAll('figure')].map(draw))
  let pending
  new ResizeObserver(() => {
    cancelAnimationFrame(pending)
    pending = requestAnimationFrame(() => {
      for (const chart of charts) void fit(chart)
    })
  }).observe(document.querySelector('main'))
  document.documentElement.dataset.charts = String(charts.length)
}

// Matrix

const table = document.querySelector('.matrix')
const rows = () => [...table.tBodies[0].rows]
const headOf = (cell) => cell.firstChild?.textContent ?? ''

/** The number that a cell stands for, else its text. */
function keyOf(cell) {
  const value = cell.querySelector('data')?.value ?? cell.textContent.trim()
  return value === '–' ? undefined : Number.isNaN(Number(value)) ? value : Number(value)
}

function compare(a, b) {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  return a < b ? -1 : a > b ? 1 : 0
}

function sortButtons() {
  for (const head of table.tHead.rows[0].cells) {
    if (head.classList.contains('points')) continue
    const button = element('button', { type: 'button', className: 'sort', textContent: '↕' })
    button.setAttribute('aria-label', `${say.sort} ${headOf(head)}`)
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending'
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort')
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      const key = (row) => keyOf(row.cells[head.cellIndex])
      const sorted = rows().toSorted((a, b) => (down ? compare(key(b), key(a)) : compare(key(a), key(b))))
      table.tBodies[0].append(...sorted)
    })
    head.insertBefore(button, head.querySelector('small'))
  }
}

function filters() {
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.classList.contains('axis'))
  const selects = heads.map((head) => {
    const texts = [...new Set(rows().map((row) => row.cells[head.cellIndex].textContent))]
    const all = element('option', { value: '', textContent: `${headOf(head)}: ${say.all}` })
    const options = texts.map((text) => element('option', { value: text, textContent: text }))
    return { index: head.cellIndex, select: element('select', { ariaLabel: headOf(head) }, all, ...options) }
  })
  const apply = () => {
    for (const row of rows())
      row.hidden = selects.some(({ index, select }) => select.value && row.cells[index].textContent !== select.value)
  }
  for (const { select } of selects) select.addEventListener('change', apply)
  return selects.map(({ select }) => select)
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
  return element('details', {}, element('summary', { textContent: say.metrics }), element('fieldset', {}, ...labels))
}

/** What is shown of a row of the matrix, as texts. */
function fieldsOf(row) {
  const cells = [...row.cells].filter((cell) => !cell.hidden && !cell.classList.contains('points'))
  if (row.closest('thead') === null) return cells.map(textOf)
  return cells.map((cell) => `${headOf(cell)} ${cell.querySelector('small')?.textContent ?? ''}`.trim())
}

function shownLines() {
  return [table.tHead.rows[0], ...rows().filter((row) => !row.hidden)].map(fieldsOf)
}

const textOf = (cell) => cell.querySelector('data')?.value ?? cell.textContent.trim()
const csv = (lines) =>
  lines
    .map((line) =>
      line.map((text) =>
        /[",\n]|^[=+@-]/.test(text) ? `"${text.replace(/^[=+@-]/, "'$&").replaceAll('"', '""')}"` : text,
      ),
    )
    .map((line) => line.join(','))
    .join('\n')
const markdown = ([head, ...lines]) =>
  [head, head.map(() => '---'), ...lines]
    .map((line) => `| ${line.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')

function copyButton(name, format) {
  const button = element('button', { type: 'button', textContent: `${say.copy} ${name}` })
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(format(shownLines()))
    button.textContent = say.copied
    setTimeout(() => (button.textContent = `${say.copy} ${name}`), 1500)
  })
  return button
}

function matrixTools() {
  if (table === null) return
  const tools = element('div', { className: 'tools' })
  const copies = navigator.clipboard === undefined ? [] : [copyButton('CSV', csv), copyButton('Markdown', markdown)]
  tools.append(...filters(), ...copies, columnChooser())
  table.parentElement.before(tools)
  sortButtons()
}

/** What a link leads to is shown, however deep it is folded. */
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  for (let fold = target; fold; fold = fold.parentElement?.closest('details'))
    if (fold.tagName === 'DETAILS') fold.open = true
  target?.scrollIntoView()
}

matrixTools()
armButtons()
addEventListener('hashchange', unfold)
if (location.hash !== '') unfold()
void drawAll()
