import type { Plan } from '../domain/plan.ts'

const longest = 100

/** A name that every file system takes and no shell reads as anything else. */
export function fileName(name: string): string {
  const plain = name
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, longest)
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  return plain === '' ? 'report' : plain
}

/** The start of the names of a plan's files; in a store of strangers the names could lead anywhere. */
export const planFileName = ({ id, experiment }: Pick<Plan, 'id' | 'experiment'>): string =>
  `${fileName(experiment.name)}-${fileName(id)}`
