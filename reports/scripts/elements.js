/** The words that are needed only where scripts run. */
export const say = JSON.parse(document.getElementById('words').textContent)

/** `text` with its `{name}`s filled in. */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

/** An element with properties and children; text stays text. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** A button with a click listener. */
export function button(text, onClick, properties = {}) {
  const made = element('button', { type: 'button', textContent: text, ...properties })
  made.addEventListener('click', onClick)
  return made
}

const live = document.body.appendChild(element('p', { className: 'unseen', role: 'status' }))

/** Tells those who listen instead of looking. */
export function tell(text) {
  live.textContent = text
}

/** Hands a file to the reader; nothing is fetched. */
export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }))
  element('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A button that copies what `text` returns when it is pressed, and says so. */
export function copyButton(label, text) {
  const made = button(label, async () => {
    await copy(text())
    made.textContent = say.copied
    tell(say.copied)
    setTimeout(() => (made.textContent = label), 1500)
  })
  return made
}

/** Where the clipboard is not given to scripts (a page over plain HTTP), by a selection. */
async function copy(text) {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  const area = document.body.appendChild(element('textarea', { value: text, className: 'unseen' }))
  area.select()
  document.execCommand('copy')
  area.remove()
}
