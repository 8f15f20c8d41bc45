import type { HostFacts } from '../domain/manifest.ts'
import type { SystemView } from './system-view.ts'

type Gpus = { accelerators: HostFacts['accelerators']; problem?: string }

const mebibyte = 1024 * 1024
const queryMs = 10_000
const missingProgram = 127

/** The NVIDIA GPUs that the driver names; none where there is no `nvidia-smi`, a problem where it does not work. */
export async function nvidiaGpus(run: SystemView['run']): Promise<Gpus> {
  const query = '--query-gpu=name,memory.total,driver_version'
  const { code, stdout } = await run(['nvidia-smi', query, '--format=csv,noheader,nounits'], { timeoutMs: queryMs })
  if (code === 0) return { accelerators: stdout.split('\n').flatMap(parseGpu) }
  if (code === missingProgram) return { accelerators: [] }
  const how = code === undefined ? 'did not end' : `failed with code ${code}`
  return { accelerators: [], problem: `NVIDIA GPUs (nvidia-smi ${how})` }
}

/** `NVIDIA A100-SXM4-40GB, 40960, 550.54.15`; a field that the driver does not know is `[N/A]`. */
function parseGpu(line: string): HostFacts['accelerators'] {
  const [name, memory, driver] = line.split(', ').map((field) => field.trim())
  if (!name) return []
  return [
    {
      name,
      ...(known(memory) && { memoryBytes: Number(memory) * mebibyte }),
      ...(known(driver) && { driver }),
    },
  ]
}

function known(field: string | undefined): field is string {
  return field !== undefined && field !== '' && !field.startsWith('[')
}
