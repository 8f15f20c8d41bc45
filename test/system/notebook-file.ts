import { readFileSync, writeFileSync } from 'node:fs'

export type Output = {
  output_type: string
  name?: string
  text?: string | string[]
  data?: Record<string, unknown>
}
export type NotebookCell = {
  cell_type: string
  id: string
  source: string | string[]
  outputs?: Output[]
  execution_count?: number | null
}
export type NotebookFile = { cells: NotebookCell[]; metadata: object; nbformat: number; nbformat_minor: number }

export const readNotebook = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as NotebookFile

/** Writes a notebook of code cells that the TypeScript kernel runs. */
export function writeNotebook(path: string, ...sources: string[]): void {
  const cells = sources.map((source, at) => ({
    cell_type: 'code',
    id: `cell-${at}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }))
  const metadata = { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } }
  writeFileSync(path, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }))
}

/** Takes away what a notebook shows. */
export function clearOutputs(path: string): void {
  const notebook = readNotebook(path)
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell,
  )
  writeFileSync(path, JSON.stringify({ ...notebook, cells }))
}

/** Every output of every cell. */
export const outputsOf = ({ cells }: NotebookFile) => cells.flatMap((cell) => cell.outputs ?? [])
