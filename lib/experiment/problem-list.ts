import { withPath } from '../parse/check-value.ts'
import { problemsError, type Place, type Problem } from '../parse/problem.ts'
import type { Setting } from './setting.ts'

/** Gathers what is wrong with an experiment, so that all of it is told together; the same problem of many cells once. */
export class ProblemList {
  readonly #problems = new Map<string, Problem>()

  get isEmpty(): boolean {
    return this.#problems.size === 0
  }

  get size(): number {
    return this.#problems.size
  }

  add(place: Place, message: string): void {
    this.#problems.set(JSON.stringify([place.file, place.line, place.column, message]), { place, message })
  }

  addAll(problems: readonly Problem[]): void {
    for (const { place, message } of problems) this.add(place, message)
  }

  /** A problem with a setting's value, or with its key. */
  addFor(setting: Setting, message: string, on: 'key' | 'value' = 'value'): void {
    this.add(setting.place([], on), withPath(setting.label, message))
  }

  throwIfAny(): void {
    if (!this.isEmpty) throw problemsError([...this.#problems.values()])
  }
}
