import type { HostFacts } from '../domain/manifest.ts'
import { fieldsOf, numberOf } from './gpu-lines.ts'
import type { SystemView } from './system-view.ts'

type Gpus = { accelerators: HostFacts['accelerators']; problem?: string }

const mebibyte = 1024 * 1024
const queryMs = 10_000
const missingProgram = 127

/** The NVIDIA GPUs that the driver names; none where there is no `nvidia-smi`, a problem where it does not work. */
export async function nvidiaGpus(run: SystemView['run']): Promise<Gpus> {
  const query = '--query-gpu=name,memory.total,driver_version'
  const { code, stdout } = await run(['nvidia-smi', query, '--format=csv,noheader,nounits'], { timeoutMs: queryMs })
  const accelerators = stdout.split('\n').flatMap(parseGpu)
  // It may warn beside what it says, on the same output (of a corrupted infoROM), and then ends with another code.
  if (code === 0 || accelerators.length > 0) return { accelerators }
  if (code === missingProgram) return { accelerators: [] }
  const how = code === undefined ? 'did not end' : `failed with code ${code}`
  return { accelerators: [], problem: `NVIDIA GPUs (nvidia-smi ${how})` }
}

/** `NVIDIA A100-SXM4-40GB, 40960, 550.54.15`; a field that the driver does not know is `[N/A]`. Other lines are no card's. */
function parseGpu(line: string): HostFacts['accelerators'] {
  const [name, memory, driver, ...more] = fieldsOf(line)
  const mebibytes = numberOf(memory)
  if (!name || !driver || more.length > 0 || !(mebibytes !== undefined || isUnknown(memory))) return []
  return [
    {
      name,
      ...(mebibytes !== undefined && { memoryBytes: mebibytes * mebibyte }),
      ...(!isUnknown(driver) && { driver }),
    },
  ]
}

const isUnknown = (field: string | undefined) => field?.startsWith('[') === true
