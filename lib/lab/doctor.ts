import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { llamaLibrary } from '../artifact/llama-library.ts'
import type { Calibration } from '../domain/record.ts'
import { awakeBy } from '../shell/keep-awake.ts'
import { thisSystem } from '../telemetry/system-view.ts'
import { hostFacts } from '../telemetry/host-facts.ts'
import { nvidiaGpus } from '../telemetry/nvidia-gpus.ts'
import { virtualization } from '../telemetry/virtualization.ts'
import { calibrateClient, calibrationWords } from './calibrate-client.ts'
import { engineFindings } from './engine-findings.ts'
import { pythonWith } from './find-python.ts'
import { type Finding, missing, ok, warn } from './finding.ts'
import { findLab, type Place } from './lab.ts'
import { storeFile } from './lab-store.ts'
import { machineFindings } from './machine-findings.ts'
import { noiseFloorFinding } from './noise-floor-finding.ts'
import { programFindings } from './program-findings.ts'
import { sleepFinding } from './sleep-finding.ts'
import { diskFinding, storeFinding } from './store-findings.ts'

/** A client's delay is no matter up to here. */
const lateMs = 1

/** Looks at everything that a run here depends on. */
export async function examine(options: { store?: string }, place: Place): Promise<Finding[]> {
  const { root } = findLab(place.cwd)
  const store = storeFile(options, place)
  const { run, platform } = thisSystem
  const { accelerators } = await nvidiaGpus(run)
  // The load is looked at before the engine is loaded, which is load too.
  const machine = await machineFindings({ system: thisSystem, env: place.env, wait: (ms) => delay(ms) })
  return [
    runtime(process.versions.node),
    ...(await engineFindings({ run, platform, hasNvidia: accelerators.length > 0 })),
    ...(await programFindings(place)),
    quantizing(),
    ...machine,
    client(await calibrateClient()),
    sleepFinding(await awakeBy(), virtualization(thisSystem.files)),
    await notebooks(place),
    storeFinding(store),
    noiseFloorFinding(store, await hostFacts()),
    await diskFinding('disk, store', dirname(store)),
    await diskFinding('disk, models', join(root, 'data', 'models')),
  ]
}

/** What it adds to latencies of servers. One that is late here has something in its way, or too slow a machine. */
function client(calibration: Calibration | undefined): Finding {
  const topic = 'client of servers'
  if (calibration === undefined)
    return warn(topic, 'could not be calibrated', 'see that programs may listen and connect on 127.0.0.1')
  const { ttftMs, gapErrorMs, sendLagMs } = calibration
  const worstMs = Math.max(ttftMs.p99, gapErrorMs.p99, sendLagMs.p99)
  const words = calibrationWords(calibration)
  const mayBeFirst = calibration.precedence?.realTime === true || process.platform !== 'linux'
  const first = mayBeFirst ? '' : '; with `ulimit -r 1` or more, or as root, it runs before them'
  if (worstMs <= lateMs) return ok(topic, words)
  return warn(
    topic,
    words,
    `close what else runs: a client that is more than ${lateMs} ms late may make trials invalid${first}`,
  )
}

function runtime(version: string): Finding {
  return Number(version.split('.')[0]) >= 24
    ? ok('node', `${version} (${process.platform} ${process.arch})`)
    : missing('node', version, 'Node 24 comes with npm ci; start benchbook through its launcher')
}

async function notebooks(place: Place): Promise<Finding> {
  const python = await pythonWith('jupyterlab', place)
  return python === undefined
    ? ok(
        'notebooks',
        'no Python here has JupyterLab: `benchbook notebook start` says how to add it; nothing else needs Python',
      )
    : ok('notebooks', `JupyterLab, in ${python}`)
}

function quantizing(): Finding {
  const library = llamaLibrary()
  return library === undefined
    ? warn('quantizing', 'no library of llama.cpp for this machine', 'use model files that are quantized already')
    : ok('quantizing', `with ${library.release}`)
}
