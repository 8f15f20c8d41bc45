/**
 * Tokens per second of an answer that one reads along: from which it is comfortable, and from which most cannot follow. One author's
 * observation, not a measurement: `data/published/ollama-machines`, table `reading`.
 */
export const readingPace = { comfortable: 7, tooFast: 13 } as const
