import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Figure, median } from './bound.ts'

const launcher = fileURLToPath(new URL('../../lib/cli/launch.mjs', import.meta.url))
const runs = 21

/** From the user's own Node through the launcher to the printed help. */
export async function helpTime(): Promise<Figure[]> {
  const node = process.env['npm_node_execpath'] ?? process.execPath
  const times = Array.from({ length: runs }, () => {
    const start = performance.now()
    const { status } = spawnSync(node, [launcher, '--help'])
    if (status !== 0) throw new Error(`--help ended with ${status}`)
    return performance.now() - start
  })
  return [{ what: 'benchbook --help, median', value: median(times), unit: 'ms', limit: { atMost: 150 } }]
}
