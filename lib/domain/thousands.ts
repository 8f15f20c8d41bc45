/** `1,234`: the same in every locale. */
export const thousands = (count: number) => count.toLocaleString('en-US')
