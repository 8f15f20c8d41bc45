/**
 * Text that is kept, with the user's home folder as `~`: where somebody lives is nobody's business. Another folder whose name
 * only begins like it stays as it is.
 */
export function withoutHome(text: string, home: string): string {
  const folder = home.replace(/[/\\]+$/, '')
  if (folder.length < 2) return text
  const literal = folder.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
  return text.replaceAll(new RegExp(`${literal}(?![\\w-]|\\.\\w)`, 'g'), '~')
}
