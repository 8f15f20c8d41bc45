import type { SystemView } from './system-view.ts'

/**
 * The programs that compute on NVIDIA GPUs now: `python3 (process 4242, 3100 MiB)`; none where there is no `nvidia-smi`. Inside a
 * container the driver may name none, or the host's.
 */
export async function gpuTenants(run: SystemView['run']): Promise<string[]> {
  const query = '--query-compute-apps=pid,process_name,used_memory'
  const { stdout } = await run(['nvidia-smi', query, '--format=csv,noheader,nounits'])
  return stdout.split('\n').flatMap(parseTenant) // a warning beside them is no reason to know none
}

/** `4242, /usr/bin/python3, 3100`. */
function parseTenant(line: string): string[] {
  const [, pid, path, mebibytes] = /^(\d+), (.*), ([^,]*)$/.exec(line.trim()) ?? []
  if (pid === undefined) return []
  const program = path?.split('/').at(-1) ?? 'a program'
  return [`${program} (process ${pid}, ${/^\d+$/.test(mebibytes ?? '') ? `${mebibytes} MiB` : 'memory unknown'})`]
}
