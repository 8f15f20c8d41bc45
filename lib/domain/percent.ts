/** `97.5 %`. */
export const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`
