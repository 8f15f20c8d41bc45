/** One line of `doctor`. */
export type Finding = {
  topic: string
  /** `missing`: something cannot be done for the lack of it. */
  status: 'ok' | 'warn' | 'missing'
  /** What was found. */
  says: string
  /** What to do, where something is to be done. */
  advice?: string
}

export const ok = (topic: string, says: string): Finding => ({ topic, status: 'ok', says })
export const warn = (topic: string, says: string, advice: string): Finding => ({ topic, status: 'warn', says, advice })
export const missing = (topic: string, says: string, advice: string): Finding => ({
  topic,
  status: 'missing',
  says,
  advice,
})
