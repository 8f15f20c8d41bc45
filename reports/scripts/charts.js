import { choose, onChosen } from './arms.js'
import { button, copyButton, element, save, say } from './elements.js'

/* global vega -- the chart runtime in the script before */

const tip = document.body.appendChild(element('div', { id: 'tip', hidden: true }))
const charts = []

function showTip(_, event, item, value) {
  tip.hidden = typeof value !== 'string' || value === ''
  if (tip.hidden) return
  tip.textContent = value
  const { width, height } = tip.getBoundingClientRect()
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`
  tip.style.top = `${event.clientY - height - 10 > 0 ? event.clientY - height - 10 : event.clientY + 18}px`
}

/** The specifications of a figure's chart; the data that they share is kept once. */
function specsOf(figure) {
  const { tables, vega, lite } = JSON.parse(figure.querySelector('script.chart').textContent)
  const whole = (part) => {
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part)) return part.map(whole)
    if (typeof part.$table === 'number') return tables[part.$table]
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, whole(item)]))
  }
  return { vega: () => whole(vega), lite: () => whole(lite) }
}

/** Draws a chart again, so that it answers, and puts it in place of the picture of it. */
async function draw(figure, specs) {
  const plot = figure.querySelector('.plot')
  const spec = specs.vega()
  const host = element('div', { ariaHidden: 'true' })
  const view = new vega.View(vega.parse(spec, {}, { ast: true }), {
    renderer: 'svg',
    expr: vega.expressionInterpreter,
    tooltip: showTip,
  }).initialize(host)
  const has = (signal) => spec.signals?.some(({ name }) => name === signal)
  await view.runAsync()
  view.addEventListener('click', (_, item) => item?.datum?.arm !== undefined && choose([item.datum.arm]))
  const least = has('leastWidth') ? view.signal('leastWidth') : 160
  const chart = { view, plot, host, width: has('child_width') ? 'child_width' : 'width', least }
  plot.replaceChildren(host)
  charts.push(chart)
  await fit(chart)
  if (has('chosen')) onChosen((chosen) => void view.signal('chosen', chosen).runAsync())
  return view
}

/**
 * As wide as its place, and never so narrow that it cannot be read: then it scrolls. What stands beside the axis changes with
 * its width, as other labels come to its ends: so it may take a second look, and rather stays a little narrower. Where labels were
 * placed beside marks, they keep clear of each other only from the width (`leastWidth`) on that they were placed for.
 */
async function fit(chart) {
  const { plot } = chart
  const place = Math.floor(plot.getBoundingClientRect().width)
  // In a fold that is closed it has no place yet.
  if (place === 0) return
  await widen(chart, place)
  // What scrolls is to be reached by keyboard.
  if (plot.scrollWidth > plot.clientWidth) plot.tabIndex = 0
  else plot.removeAttribute('tabindex')
}

async function widen({ view, host, width, least }, place) {
  for (let look = 0; look < 3; look += 1) {
    const spare = place - Number(host.querySelector('svg').getAttribute('width'))
    const wanted = Math.max(least, view.signal(width) + spare)
    if (wanted === view.signal(width) || (spare > 0 && spare <= 8 && look > 0)) return
    await view.signal(width, wanted).resize().runAsync()
  }
}

/** Colours as they are seen here, for those who do not have the page's style sheet. */
function inColours(text) {
  const style = getComputedStyle(document.documentElement)
  return text
    .replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim())
    .replaceAll('currentColor', style.getPropertyValue('--ink').trim())
}

/** The chart as a Vega-Lite specification that is complete by itself: data, title, colours. */
function liteText(figure, specs) {
  const caption = (name) => figure.querySelector(`figcaption ${name}`).textContent
  const background = getComputedStyle(figure).backgroundColor
  const { $schema, config, ...spec } = JSON.parse(inColours(JSON.stringify(specs.lite())))
  const title = { text: caption('strong'), subtitle: caption('span'), anchor: 'start' }
  return `${JSON.stringify({ $schema, title, ...spec, config: { ...config, background } }, null, 1)}\n`
}

async function svgText(figure, view) {
  const svg = inColours(await view.toSVG())
  const background = getComputedStyle(figure).backgroundColor
  return svg.replace(/(<svg[^>]*>)/, `$1<rect width="100%" height="100%" fill="${background}"/>`)
}

function tools(figure, specs, drawn) {
  const name = figure.id.replace(/^figure-/, '')
  const lite = () => liteText(figure, specs)
  const made = element(
    'div',
    { className: 'chart-tools' },
    button(say.lite, () => save(`${name}.vl.json`, 'application/json', lite()), { title: say['lite-title'] }),
    copyButton(say['lite-copy'], lite),
    button(say.svg, async () => save(`${name}.svg`, 'image/svg+xml', await svgText(figure, await drawn))),
  )
  figure.querySelector('.plot').after(made)
}

/** Draws every chart; `data-charts` on the root says how many, once all are there. */
export async function drawAll() {
  await Promise.all(
    [...document.querySelectorAll('figure')].map(async (figure) => {
      const specs = specsOf(figure)
      const drawn = draw(figure, specs)
      tools(figure, specs, drawn)
      await drawn
    }),
  )
  let pending
  new ResizeObserver(() => {
    cancelAnimationFrame(pending)
    pending = requestAnimationFrame(() => {
      for (const chart of charts) void fit(chart)
    })
  }).observe(document.querySelector('main'))
  document.documentElement.dataset.charts = String(charts.length)
}
