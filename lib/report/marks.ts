/** How one value of the axis that is compared looks, in the whole report: a colour and, beside it, a shape. */
export type Mark = { index: number; colour: string; shape: string; path: string }

// The colours are Okabe and Ito's, darkened or lightened where the paper asks for it: reports/style.css holds them
// twice, and a test checks their contrast on light and on dark. Paths fill a square from -1 to 1.
const shapes = [
  { shape: 'circle', path: 'M-1,0a1,1,0,1,0,2,0a1,1,0,1,0,-2,0Z' },
  { shape: 'square', path: 'M-.9,-.9h1.8v1.8h-1.8Z' },
  { shape: 'triangle-up', path: 'M0,-1L1,.9L-1,.9Z' },
  { shape: 'diamond', path: 'M0,-1.1L1,0L0,1.1L-1,0Z' },
  { shape: 'cross', path: 'M-1,-.35h.65v-.65h.7v.65h.65v.7h-.65v.65h-.7v-.65h-.65Z' },
  { shape: 'triangle-down', path: 'M0,1L1,-.9L-1,-.9Z' },
  { shape: 'triangle-right', path: 'M1,0L-.9,1L-.9,-1Z' },
] as const
export const colourCount = 8

/** The mark of the value at `index`. Colours and shapes repeat after 8 and 7, so that 56 values differ in one of them. */
export function markOf(index: number): Mark {
  const shape = shapes[index % shapes.length] ?? shapes[0]
  return { index, colour: `var(--arm-${(index % colourCount) + 1})`, ...shape }
}
