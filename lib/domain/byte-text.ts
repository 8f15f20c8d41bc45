/** `16.4 GB`, `812 MB`. */
export function byteText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`
}

/** The figure alone, in the unit that `byteText` gives `like`. */
export function byteFigure(bytes: number, like: number): string {
  return like >= 1e9 ? (bytes / 1e9).toFixed(1) : String(Math.round(bytes / 1e6))
}
