import { type Body, bodyOf, hasModel } from './emulated-ask.ts'
import { asciiJson } from './emulated-voice.ts'

const defaultKeepS = 300
const paths = new Set(['/api/generate', '/api/chat'])

/**
 * Which models an emulated Ollama holds: whoever asks for one has it loaded, with an empty prompt that is all that is done, and
 * with `keep_alive: 0` it is let go. Nothing is let go for its time, which is only told.
 */
export class OllamaMemory {
  readonly #models: readonly string[]
  /** Seconds that each is kept for, by its name. */
  readonly #kept = new Map<string, number>()

  constructor(models: readonly string[]) {
    this.#models = models
  }

  /** Hears what is asked; the answer where that is to load or to unload, and `undefined` of all else. */
  heard({ method, path, body: text }: { method: string; path: string; body: string }): string | undefined {
    if (method !== 'POST' || !paths.has(path)) return undefined
    const body = bodyOf(text)
    const model = body?.['model']
    if (body === undefined || typeof model !== 'string' || !hasModel(this.#models, model)) return undefined
    const keepS = keptFor(body['keep_alive'])
    if (keepS === 0) this.#kept.delete(tagged(model))
    else this.#kept.set(tagged(model), keepS)
    if (!isEmpty(body)) return undefined
    const said = path === '/api/chat' ? { message: { role: 'assistant', content: '' } } : { response: '' }
    const why = { done: true, done_reason: keepS === 0 ? 'unload' : 'load' }
    return asciiJson({ model, created_at: new Date().toISOString(), ...said, ...why })
  }

  /** `/api/ps`: sizes are what a server claims, and here there is nothing. */
  running(nowMs: number): { models: object[] } {
    const models = [...this.#kept].map(([name, keepS]) => ({
      name,
      model: name,
      size: 0,
      size_vram: 0,
      digest: '',
      expires_at: new Date(nowMs + 1000 * keepS).toISOString(),
    }))
    return { models }
  }
}

const tagged = (name: string) => (name.includes(':') ? name : `${name}:latest`)

const isEmpty = ({ prompt, messages }: Body) =>
  (prompt ?? '') === '' && (messages === undefined || (Array.isArray(messages) && messages.length === 0))

const unitS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }
const foreverS = 1e9

const wordOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** Seconds, as a number or with a unit (`10m`); below 0 it is kept for ever. */
function keptFor(asked: unknown): number {
  const [, count, unit = 's'] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(wordOf(asked)) ?? []
  if (count === undefined) return defaultKeepS
  const seconds = Number(count) * (unitS[unit] ?? 1)
  return seconds < 0 ? foreverS : Math.min(seconds, foreverS)
}
