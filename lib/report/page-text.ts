const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#x27': "'", '#x3D': '=', amp: '&' }

/** What a reader sees of a page, on the lines on which it stands in the file: no scripts, styles, drawings, files. */
export function pageText(html: string): string {
  return html
    .replaceAll(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, lineEnds)
    .replaceAll(/<[^>]*>/g, (tag) =>
      /^<\/?(?:td|th|li|dt|dd|p|div)\b/.test(tag) ? ` ${lineEnds(tag)}` : lineEnds(tag),
    )
    .replaceAll(/&([#\w]+);/g, (whole, name: string) => entities[name] ?? whole)
    .replaceAll(/[ \t]+/g, ' ')
}

const lineEnds = (text: string) => text.replaceAll(/[^\n]/g, '')
