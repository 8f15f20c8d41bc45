import type { Settings } from './recipe.ts'

/** What the first match of each pattern has found in a log, by name: a number where it is one. */
export function foundInLog(log: string, patterns: Readonly<Record<string, RegExp>>): Settings {
  const found: Settings = {}
  for (const [name, pattern] of Object.entries(patterns)) {
    const text = pattern.exec(log)?.[1]
    if (text !== undefined) found[name] = valueOf(text)
  }
  return found
}

/** Numbers, `True` and `False` of what a program printed, quotes and thousands taken off. */
export function valueOf(text: string): string | number | boolean {
  const bare = text.trim().replace(/^(['"])(.*)\1$/, '$2')
  if (/^true$/i.test(bare)) return true
  if (/^false$/i.test(bare)) return false
  const number = Number(bare.replaceAll(',', ''))
  return bare !== '' && Number.isFinite(number) ? number : bare.slice(0, longest)
}

const longest = 200
