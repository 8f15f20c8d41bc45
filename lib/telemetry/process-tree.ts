import { parseProcessStat } from './process-stat.ts'
import type { FileView } from './system-view.ts'

/**
 * A process and all that descends from it, the process first; empty once it is gone. Processes may come and go while this
 * reads `/proc`.
 */
export function processTree(pid: number, files: FileView): number[] {
  if (files.read(`/proc/${pid}/stat`) === undefined) return []
  const childrenOf = hasChildrenFiles(pid, files) ? (parent: number) => listedChildren(parent, files) : scan(files)
  const tree = [pid]
  for (const member of tree) tree.push(...childrenOf(member).filter((child) => !tree.includes(child)))
  return tree
}

// Not every kernel is built with them (CONFIG_PROC_CHILDREN).
function hasChildrenFiles(pid: number, files: FileView): boolean {
  return files.read(`/proc/${pid}/task/${pid}/children`) !== undefined
}

/** Each thread lists the children that it has started. */
function listedChildren(pid: number, files: FileView): number[] {
  return files.list(`/proc/${pid}/task`).flatMap((thread) => {
    const text = files.read(`/proc/${pid}/task/${thread}/children`) ?? ''
    return text.split(' ').filter(isNumber).map(Number)
  })
}

function scan(files: FileView): (parent: number) => number[] {
  const children = new Map<number, number[]>()
  for (const pid of files.list('/proc').filter(isNumber)) {
    const parent = parseProcessStat(files.read(`/proc/${pid}/stat`) ?? '')?.parent
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(pid)])
  }
  return (parent) => children.get(parent) ?? []
}

const isNumber = (text: string) => /^\d+$/.test(text)
