/** `16.4 GB`, `812 MB`; with more `digits` than the usual one so many after the point of GB, and one less of MB. */
export function byteText(bytes: number, digits = 1): string {
  return `${byteFigure(bytes, bytes, digits)} ${bytes >= 1e9 ? 'GB' : 'MB'}`
}

/** The figure alone, in the unit that `byteText` gives `like`. */
export function byteFigure(bytes: number, like: number, digits = 1): string {
  return like >= 1e9 ? (bytes / 1e9).toFixed(digits) : (bytes / 1e6).toFixed(digits - 1)
}
