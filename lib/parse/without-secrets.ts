/** The key of whose value nothing is ever shown, unless it is a reference. */
const secretKey = 'apiKey'
const reference = /^["']?\$\{env:/
const leastShown = 12
const shownLength = 3

export const isSecretPath = (path: readonly PropertyKey[]): boolean => path.includes(secretKey)

/** Whether a message is about a secret, so that its line of the source is not to be shown. */
export const isAboutSecret = (message: string): boolean => message.includes(`${secretKey}: `)

/** Of a secret its length, and of a long one its first characters, which tell which it is. */
export function hidden(value: unknown): unknown {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? '***' : '*'.repeat(8)
  if (reference.test(value)) return value
  const shown = value.length < leastShown ? 0 : shownLength
  return value.slice(0, shown) + '*'.repeat(value.length - shown)
}

/** For `JSON.stringify`. */
export const withoutSecretValue = (key: string, value: unknown): unknown => (key === secretKey ? hidden(value) : value)

const valued = new RegExp(`(${secretKey}["']?\\s*[:=]\\s*)("[^"]*"?|'[^']*'?|\\[[^\\]]*\\]?|[^\\s,}\\]]+)`, 'g')
/** To the last `@` before the host, as a URL is read: a password may have one too. */
const user = /(?<=:\/\/)[^\s/]+(?=@)/g

/** Part of a file or of a command line, for a message: of the same length, without the secrets that stand in it. */
export const withoutSecrets = (text: string): string =>
  text
    .replaceAll(valued, (_, key: string, value: string) => `${key}${String(hidden(value))}`)
    .replaceAll(user, (found) => '*'.repeat(found.length))
