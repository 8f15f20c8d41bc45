import { withoutSecretValue } from './without-secrets.ts'

const longest = 60

/** A value from outside as it is shown inside a message: JSON, in one line, cut where it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value, withoutSecretValue) ?? 'nothing'
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
