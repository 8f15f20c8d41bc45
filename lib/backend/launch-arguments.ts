import type { JsonValue } from '../domain/json.ts'
import type { OptionHabit } from './recipe.ts'

/** Options of a file as a program takes them, each an element of its own: no shell ever reads them. */
export function launchArguments(args: Readonly<Record<string, JsonValue>>, habit: OptionHabit): string[] {
  return Object.entries(args).flatMap(([name, value]) => option(name, value, habit))
}

function option(name: string, value: JsonValue, habit: OptionHabit): string[] {
  const flag = name.length === 1 ? `-${name}` : `--${name}`
  if (value === null) return []
  if (typeof value === 'boolean' && habit.valued?.includes(name)) return [flag, String(value)]
  if (value === true) return habit.yes === 'value' ? [flag, 'true'] : [flag]
  if (value === false) {
    if (habit.no === 'value') return [flag, 'false']
    return habit.no === 'omit' ? [] : [`--no-${name}`]
  }
  if (!Array.isArray(value)) return [flag, textOf(value)]
  const values = (value as readonly JsonValue[]).map(textOf)
  if (values.length === 0) return []
  if (habit.list === 'comma') return [flag, values.join(',')]
  return habit.list === 'together' ? [flag, ...values] : values.flatMap((each) => [flag, each])
}

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Options of ours, each with its value. */
export const withValues = (options: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(options).flatMap(([name, value]) => [name, String(value)])
