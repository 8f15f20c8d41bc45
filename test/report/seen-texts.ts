import type { JsonValue } from '../../lib/domain/json.ts'

/** All that a reader of a page sees or hears: its text, its tips and titles, the words of its scripts. */
export function seenTexts(html: string): string[] {
  const json = [...html.matchAll(/<script type="application\/json"(?: class="(chart)"| id="words")>([^<]*)<\/script>/g)]
  const inScripts = json.flatMap(([, chart, text]) =>
    textsIn(JSON.parse(text ?? 'null') as JsonValue, chart === undefined ? undefined : inCharts),
  )
  // Code is code in every language, and what is marked as English is meant to be.
  const page = html.replaceAll(
    /<(script|style|pre|code|span lang="en")(?=[ >])[\s\S]*?<\/(?:script|style|pre|code|span)>/g,
    '',
  )
  // A picture is hidden from those who listen; its labels are text in it.
  const described = page.replaceAll(/<svg\b[\s\S]*?<\/svg>/g, '')
  const attributes = [...described.matchAll(/ (?:title|aria-label)="([^"]*)"/g)].map(([, text]) => text ?? '')
  const texts = [...inScripts, ...attributes, ...page.split(/<[^>]*>/)]
  return [...new Set(texts.flatMap((text) => unescaped(text).split('\n')))].filter((text) => text.trim() !== '')
}

/** The fields of a chart's data and axes that are drawn or shown. */
const inCharts: readonly string[] = ['tip', 'text', 'title', 'label', 'panel', 'series']

function textsIn(value: JsonValue, fields: readonly string[] | undefined, key = ''): string[] {
  if (typeof value === 'string') return fields === undefined || fields.includes(key) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => textsIn(item, fields, key))
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, fields, name))
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#x3D': '=',
  '#x60': '`',
}

const unescaped = (text: string) => text.replaceAll(/&([\w#]+);/g, (whole, name: string) => entities[name] ?? whole)

/** Every text that `value` has, the longest first. */
export function valuesIn(value: unknown): string[] {
  const found = new Set<string>()
  const walk = (part: unknown): void => {
    if (typeof part === 'string') found.add(part)
    else if (typeof part === 'object' && part !== null) for (const item of Object.values(part)) walk(item)
  }
  walk(value)
  return [...found].toSorted((a, b) => b.length - a.length)
}

/** The name of every field that `value` has anywhere. */
export function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Array.isArray(value) ? [] : Object.keys(value)
  return [...new Set([...own, ...Object.values(value).flatMap(keysOf)])]
}
