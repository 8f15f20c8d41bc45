import { UserError } from '../domain/user-error.ts'

/** What came of every file: its result, or what is wrong with it. */
export type EachFile<T> = { done: T[]; wrong: UserError[] }

/** Does something with every file, also after one that is wrong. */
export async function eachFile<T>(files: readonly string[], work: (file: string) => Promise<T>): Promise<EachFile<T>> {
  const done: T[] = []
  const wrong: UserError[] = []
  for (const file of files) {
    try {
      done.push(await work(file))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      wrong.push(error)
    }
  }
  return { done, wrong }
}

/** Throws all that is wrong as one error. */
export function throwIfAny(wrong: readonly UserError[]): void {
  const [first] = wrong
  if (first !== undefined) throw new UserError(wrong.map(({ message }) => message).join('\n'), first.exitCode)
}
