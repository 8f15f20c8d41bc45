/**
 * Tells the process that started this one, which may be gone by now: then 'disconnect' comes next, and what could not be
 * written before it is no error that ends this process first.
 */
export function tellParent(message: object, told: () => void = ignore): void {
  process.send?.(message, told)
}

const ignore = () => {}
