import { createHash } from 'node:crypto'
import { UserError } from '../domain/user-error.ts'

/**
 * The Content-Security-Policy of a page that loads nothing: only these scripts and this style run, known by their hashes,
 * whatever stands in the data. With `pictures`, those that it has within itself are shown.
 */
export function policyOf(inline: { scripts: readonly string[]; style: string; pictures?: boolean }): string {
  const scripts = inline.scripts.map(sourceOf).join(' ')
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src ${sourceOf(inline.style)}`,
    ...(inline.pictures === true ? ['img-src data:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** `text` as it may stand in the element `name`, or a `UserError` that names the file it comes from. */
export function inlineText(text: string, name: 'script' | 'style', file: string): string {
  if (!text.toLowerCase().includes(`</${name}`)) return text
  throw new UserError(`${file} may not contain "</${name}": it would end its element`)
}

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
