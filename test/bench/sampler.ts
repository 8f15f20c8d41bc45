import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { memorySampler } from '../../lib/telemetry/memory-sampler.ts'
import type { Figure } from './bound.ts'

const processes = 8
const mappedBytes = 4 * 2 ** 30
/** As the supervisor has it. */
const everyMs = 250
const seconds = 60

// A server and its forks, each of which has touched all of the same mapped file, as workers that share weights have.
const server = `
import mmap, os, sys, time
path, forks = sys.argv[1], int(sys.argv[2])
def touch():
    with open(path, 'rb') as file:
        mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    for at in range(0, len(mapped), 4096): mapped[at]
    return mapped
for _ in range(forks):
    if os.fork() == 0: break
held = touch()
print('ready', flush=True)
time.sleep(3600)
`

/** CPU that the sampler itself takes while it watches a tree of 8 processes that have all of 4 GiB mapped. */
export async function sampler(): Promise<Figure[]> {
  const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'benchbook-sampler-'))
  const file = join(folder, 'weights')
  const descriptor = openSync(file, 'w')
  ftruncateSync(descriptor, mappedBytes)
  closeSync(descriptor)
  const root = spawn('python3', ['-c', server, file, String(processes - 1)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  try {
    await allReady(root)
    return await watched(root.pid as number)
  } finally {
    process.kill(-(root.pid as number), 'SIGKILL')
    rmSync(folder, { recursive: true })
  }
}

async function watched(pid: number): Promise<Figure[]> {
  const sample = memorySampler({ pid: process.pid, engine: () => pid, nowUs: () => performance.now() * 1000 })
  const whole = await sample('full') // as before a trial begins
  const [startMs, before] = [performance.now(), process.cpuUsage()]
  let samples = 0
  const seen = { pss: 0 }
  // Until PSS has been read again: what that takes is to be in it.
  while (performance.now() - startMs < seconds * 1000 || seen.pss === 0) {
    void sample().then((each) => (seen.pss += each.pssBytes === undefined ? 0 : 1))
    samples += 1
    await delay(everyMs)
  }
  const { user, system } = process.cpuUsage(before)
  const share = (user + system) / 1000 / (performance.now() - startMs)
  const shown = `${whole.processes} processes, ${((whole.fileBytes ?? 0) / 2 ** 30).toFixed(0)} GiB of file pages, PSS in ${seen.pss} of ${samples} samples`
  return [{ what: `CPU of the sampler (${shown})`, value: 100 * share, unit: '% of a core', limit: { atMost: 1 } }]
}

async function allReady({ stdout }: ChildProcess): Promise<void> {
  let said = ''
  while (said.split('ready').length <= processes)
    said += String((await once(stdout as NodeJS.ReadableStream, 'data'))[0])
}
