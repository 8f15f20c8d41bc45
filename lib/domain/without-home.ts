/** Text that is kept, with the user's home folder as `~`: where somebody lives is nobody's business. */
export function withoutHome(text: string, home: string): string {
  return home.length < 2 ? text : text.replaceAll(home, '~')
}
