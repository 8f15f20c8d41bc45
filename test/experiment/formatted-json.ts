/** JSON as the formatter leaves it: lists of words stand in one line where they fit. */
export function formatted(value: object): string {
  const json = JSON.stringify(value, undefined, 2)
  return `${json.replaceAll(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (list, items: string) => {
    const line = `[${items.replaceAll(/,\n\s+/g, ', ')}]`
    return line.length < 90 ? line : list
  })}\n`
}
