import { thousands } from '../domain/thousands.ts'
import { UserError } from '../domain/user-error.ts'

/** Text that a file wrote, safe to print: in quotes, and everything but plain ASCII escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A file that is no GGUF model, or a damaged one. What `detail` takes from the file must be `quoted`. */
export function unreadable(name: string, detail: string): UserError {
  return new UserError(`${name} cannot be read as a GGUF model: ${detail}; fetch it again, or name another file`)
}

/** `where` says what the size of the file does not agree with. */
export function truncated(name: string, bytes: number, where: string): UserError {
  return new UserError(`${name} is ${thousands(bytes)} bytes, ${where}: it is truncated; fetch it again`)
}
