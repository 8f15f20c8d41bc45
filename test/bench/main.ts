// `npm run bench [-- name ...]`: every figure beside its limit; nothing else may run on the machine meanwhile.
import { clientBench } from './client-bench.ts'
import { arrivals } from './arrivals.ts'
import { decodeRatio } from './decode-ratio.ts'
import { deriveTime } from './derive-time.ts'
import { engines } from './engines.ts'
import { exportRows } from './export-rows.ts'
import { helpTime } from './help-time.ts'
import { type Figure, holds, line } from './bound.ts'
import { killsBench } from './kills.ts'
import { llamaBench } from './llama-bench.ts'
import { launchTime } from './launch-time.ts'
import { planTime } from './plan-time.ts'
import { reportMillion } from './report-million.ts'
import { sampler } from './sampler.ts'
import { verdicts } from './verdicts.ts'
import { simulatedVerdicts } from './simulated-verdicts.ts'
import { storeEvents } from './store-events.ts'
import { wireAccuracy } from './wire-accuracy.ts'

const benches: Record<string, () => Promise<Figure[]>> = {
  'store-events': storeEvents,
  'export-rows': exportRows,
  'derive-time': deriveTime,
  'plan-time': planTime,
  'help-time': helpTime,
  'launch-time': launchTime,
  'decode-ratio': decodeRatio,
  client: clientBench,
  arrivals,
  kills: killsBench,
  'report-million': reportMillion,
  sampler,
  'llama-bench': llamaBench,
  engines,
  verdicts,
  'wire-accuracy': wireAccuracy,
  'simulated-verdicts': simulatedVerdicts,
}

/** They take long, or need engines that not every machine has. */
const onlyNamed = ['kills', 'llama-bench', 'engines', 'verdicts']

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}`)
let over = 0
for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 ? !named.includes(name) : onlyNamed.includes(name)) continue
  for (const figure of await bench()) {
    process.stdout.write(`${line(figure)}\n`)
    if (!holds(figure)) over += 1
  }
}
process.exitCode = over > 0 ? 1 : 0
