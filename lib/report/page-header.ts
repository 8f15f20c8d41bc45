import type { Plan } from '../domain/plan.ts'

const plain = (text: string) => text.replaceAll(/[^\w .-]+/g, '-')

/** What stands at the head of every printed page, as CSS: which experiment, which plan. */
export function pageHeader({ id, experiment }: Plan): string {
  return `@page { @top-left { content: '${plain(experiment.name)}' } @top-right { content: '${plain(id)}' } }\n`
}
