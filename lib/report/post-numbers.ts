import { markdownText } from './markdown-text.ts'
import type { BoundSource } from './post-bindings.ts'
import type { PostSample } from './post-sample.ts'

/** The numbers of a page in the order in which they first stand there, each leading to what is behind it. */
export class PostNumbers {
  readonly #samples = new Map<string, PostSample>()

  /** `text`, which is Markdown already, as a link to its samples. */
  linked(text: string, { samples, says }: BoundSource): string {
    for (const sample of samples) if (!this.#samples.has(sample.key)) this.#samples.set(sample.key, sample)
    const [first] = samples
    if (first === undefined) return text
    const at = [...this.#samples.keys()].indexOf(first.key)
    return `[${text}](#sample-${at + 1} "${markdownText(says).replaceAll('"', '\\"')}")`
  }

  /** A row for each number, for the template. */
  rows(): (Omit<PostSample, 'key' | 'says' | 'trials'> & { n: number; trials: string })[] {
    return [...this.#samples.values()].map(({ key: _key, says: _says, trials, ...row }, at) => ({
      ...row,
      n: at + 1,
      trials: trials.join(', '),
    }))
  }
}
