import type { CellConfig, Prompt, WorkloadConfig } from '../domain/cell.ts'
import { digestOf } from './digest.ts'
import type { Store } from './store.ts'

type StoredPrompt = { id: string; prompt: number; maxTokens?: number; followUps?: readonly number[] }
type WithPrompts<P> =
  | (Omit<Extract<WorkloadConfig, { kind: 'completion' }>, 'prompts'> & { prompts: readonly P[] })
  | (Omit<Extract<WorkloadConfig, { kind: 'chat' }>, 'prompts'> & { prompts: readonly P[] })
  | (Omit<Extract<WorkloadConfig, { kind: 'perplexity' }>, 'text'> & { text: P })
  | Extract<WorkloadConfig, { kind: 'prefill-decode' }>

/** Makes the JSON of configs in which each prompt's text is the id of its row in `prompt`: a text is kept once. */
export function configWriter(store: Store): (config: CellConfig) => string {
  const rows = new Map<string, number>()
  const rowOf = (text: string) => {
    const row = rows.get(text) ?? insertPrompt(store, text)
    rows.set(text, row)
    return row
  }
  const stored = ({ text, followUps, ...rest }: Prompt): StoredPrompt => ({
    ...rest,
    prompt: rowOf(text),
    ...(followUps && { followUps: followUps.map(rowOf) }),
  })
  return (config) => JSON.stringify({ ...config, workload: mapPrompts(config.workload, stored) })
}

/** Reads what a `configWriter` wrote. */
export function configReader(store: Store): (json: string) => CellConfig {
  const texts = new Map<number, string>()
  const textOf = (row: number) => {
    const text = texts.get(row) ?? readPrompt(store, row)
    texts.set(row, text)
    return text
  }
  const read = ({ prompt, followUps, ...rest }: StoredPrompt): Prompt => ({
    ...rest,
    text: textOf(prompt),
    ...(followUps && { followUps: followUps.map(textOf) }),
  })
  return (json) => {
    const config = JSON.parse(json) as Omit<CellConfig, 'workload'> & { workload: WithPrompts<StoredPrompt> }
    return { ...config, workload: mapPrompts(config.workload, read) }
  }
}

function mapPrompts<P, Q>(workload: WithPrompts<P>, map: (prompt: P) => Q): WithPrompts<Q> {
  switch (workload.kind) {
    case 'completion':
    case 'chat':
      return { ...workload, prompts: workload.prompts.map(map) }
    case 'perplexity':
      return { ...workload, text: map(workload.text) }
    case 'prefill-decode':
      return workload
  }
}

function insertPrompt(store: Store, text: string): number {
  const digest = digestOf(text)
  store.sql('INSERT INTO prompt (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING').run(digest, text)
  return store.sql<{ id: number }>('SELECT id FROM prompt WHERE digest = ?').get(digest)?.id as number
}

function readPrompt(store: Store, row: number): string {
  return store.sql<{ text: string }>('SELECT text FROM prompt WHERE id = ?').get(row)?.text as string
}
