import type { Mark } from './marks.ts'

/** A mark as a small picture for tables and keys. */
export function symbolOf(mark: Mark): string {
  return `<svg class="symbol" width="12" height="12" viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true"><path d="${mark.path}" fill="${mark.colour}"/></svg>`
}

export type StripPoint = { value: number; valid: boolean }
const width = 100

/** Raw points on a line from 0 to `max`; those of invalid trials are hollow. */
export function stripOf(points: readonly StripPoint[], max: number, mark: Mark): string {
  const circles = points.map(({ value, valid }) => {
    const x = (4 + (max > 0 ? value / max : 0) * (width - 8)).toFixed(1)
    const look = valid ? `fill="${mark.colour}"` : `fill="none" stroke="${mark.colour}"`
    return `<circle cx="${x}" cy="8" r="2.6" ${look} opacity=".6"/>`
  })
  const line = `<line x1="4" x2="${width - 4}" y1="8" y2="8" stroke="currentColor" opacity=".18"/>`
  return `<svg class="strip" width="${width}" height="16" viewBox="0 0 ${width} 16" aria-hidden="true">${line}${circles.join('')}</svg>`
}
