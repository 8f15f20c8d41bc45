import type { Words } from './words.ts'

/** An axis of the matrix as a chart names it: `threads` of `backend.threads`. */
export function axisName(words: Words, axis: string): string {
  if (axis === 'backend.threads') return words('axis.threads-name')
  return axis === 'load.clients' ? words('axis.clients-name') : axis.split('.').slice(-1).join('')
}
