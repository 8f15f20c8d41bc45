import type { JsonObject, JsonValue } from '../domain/json.ts'

/**
 * A chart's specification for where the report's style sheet does not reach: every `var(--name)` and `currentColor` in it
 * becomes the colour that `style`, the text of that sheet, gives it on light paper.
 */
export function standaloneChart(spec: JsonObject, style: string): JsonObject {
  const light = style.slice(0, style.indexOf('@media'))
  const colours = new Map(
    [...light.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{3,8})\b/gi)].map(([, name = '', colour = '']) => [name, colour]),
  )
  const paper = { background: colours.get('--paper') ?? '#ffffff' }
  return { ...(replaced(spec, colours) as JsonObject), ...paper }
}

function replaced(part: JsonValue, colours: ReadonlyMap<string, string>): JsonValue {
  if (typeof part === 'string') return colourOf(part, colours)
  if (typeof part !== 'object' || part === null) return part
  if (Array.isArray(part)) return part.map((item: JsonValue) => replaced(item, colours))
  // What is shown stays as it is, were it the name of a colour.
  return Object.fromEntries(
    Object.entries(part).map(([key, item]) => [key, key === 'data' ? item : replaced(item, colours)]),
  )
}

function colourOf(text: string, colours: ReadonlyMap<string, string>): string {
  if (text === 'currentColor') return colours.get('--ink') ?? '#000000'
  const name = /^var\((--[\w-]+)\)$/.exec(text)?.[1]
  return (name === undefined ? undefined : colours.get(name)) ?? text
}
