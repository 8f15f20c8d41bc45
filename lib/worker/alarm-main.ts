// A thread that waits for moments, since the one that sends must not block and its timers are coarse.
import { workerData } from 'node:worker_threads'
import { monotonicNs } from './monotonic.ts'
import { alarmMemory } from './sleep-until.ts'

const { counters, moment } = alarmMemory(workerData as SharedArrayBuffer)
let asked = 0
for (;;) {
  Atomics.wait(counters, 0, asked) // until there is something new to wait for
  asked = Atomics.load(counters, 0)
  const leftMs = () => ((moment[0] as number) - monotonicNs()) / 1e6
  // One that is asked for meanwhile takes its place.
  while (leftMs() > 0 && Atomics.wait(counters, 0, asked, leftMs()) !== 'timed-out') asked = Atomics.load(counters, 0)
  Atomics.add(counters, 1, 1)
  Atomics.notify(counters, 1)
}
