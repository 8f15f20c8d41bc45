import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Engine } from '../../lib/domain/backend.ts'
import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import { EngineFailure } from '../../lib/domain/backend.ts'
import type { BaseArtifact } from '../../lib/domain/cell.ts'
import type { LaunchSpec, TrialSpec } from '../../lib/domain/launch.ts'
import type { TrialEnd } from '../../lib/domain/record.ts'
import { runBases } from '../../lib/worker/base-runs.ts'
import { evaluateBase } from '../../lib/worker/evaluate-base.ts'
import { ok, trial } from './scripted-engine.ts'

const spool = mkdtempSync(join(tmpdir(), 'benchbook-bases-'))
afterAll(() => rmSync(spool, { recursive: true, force: true }))
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const base: BaseArtifact = {
  source: { kind: 'path', path: 'm/f16.gguf' },
  artifact: { digest: 'f'.repeat(64), path: '/m/f16.gguf', description: { vocabulary: 1000 } as never },
}
const quality: TrialSpec = {
  ...trial,
  base,
  workload: { name: 'quality', kind: 'perplexity', text: { id: 'text', text: 'a b' }, context: 512, base: 'f16' },
}
const launch = {
  backend: { name: 'b', kind: 'llama.cpp' } as BackendConfig,
  source: { kind: 'path', path: 'm/q4_0.gguf' },
  artifact: { digest: 'a'.repeat(64), path: '/m/q4_0.gguf' },
  trials: [trial, quality],
} as unknown as LaunchSpec

type Script = {
  send?: () => Promise<Awaited<ReturnType<Engine['send']>>['outcome']>
  freeBytes?: number
  windows?: number
}

/** Evaluates the base on a scripted engine, and says what that was asked for. */
async function evaluated({ send = async () => ok, freeBytes = 1e12, windows = 3 }: Script = {}) {
  const asked: { path: string; scoring?: TrialSpec['scoring'] | undefined; jobs: number[]; ended: boolean } = {
    path: '',
    jobs: [],
    ended: false,
  }
  const backend = {
    start: async ({ artifact }: LaunchSpec): Promise<Engine> => {
      asked.path = artifact.path
      return {
        facts: {} as Engine['facts'],
        prepare: async ({ scoring }) => {
          asked.scoring = scoring
          const jobs = Array.from({ length: windows }, (_, i) => ({
            promptId: `window-${i + 1}`,
            part: 'window' as const,
          }))
          return { jobs, requests: windows }
        },
        async send({ job }) {
          asked.jobs.push(job)
          return { outcome: await send() } as Awaited<ReturnType<Engine['send']>>
        },
        [Symbol.asyncDispose]: async () => void (asked.ended = true),
      }
    },
  }
  const around = { backend, folder: spool, now: () => 0, origin: 0, log: () => {}, freeBytes: async () => freeBytes }
  return { end: await evaluateBase(launch, quality, around), asked }
}

test('a base is evaluated on the engine of its launch, window by window, and what it says is written', async () => {
  const { end, asked } = await evaluated()
  expect(end).toEqual({ status: 'ok' })
  expect(asked).toEqual({
    path: '/m/f16.gguf',
    scoring: { folder: spool, as: 'written' },
    jobs: [0, 1, 2],
    ended: true,
  })
})

test('a window that fails ends it, and is said to be the base’s', async () => {
  const { end, asked } = await evaluated({
    send: async () => ({ status: 'failed', reason: 'engine-error', detail: 'no probability' }),
  })
  expect(end).toEqual({ status: 'failed', reason: 'engine-error', detail: 'its base: no probability' })
  expect(asked).toMatchObject({ jobs: [0], ended: true })
})

test('what would not fit on the disk is not begun: it is said how many windows would', async () => {
  // 100 windows of 256 rows of 1000 floats are 102.4 MB.
  const { end, asked } = await evaluated({ windows: 100, freeBytes: 60e6 })
  expect(end).toMatchObject({ status: 'failed', reason: 'request-refused' })
  expect((end as { detail: string }).detail).toMatchInlineSnapshot(
    `"its base: what it says of 100 windows takes 102 MB beside the store, where 60 MB are free: set workload.chunks to 52 at most, or make room"`,
  )
  expect(asked.jobs).toEqual([])
})

const started = () => {
  const ended = Promise.withResolvers<TrialEnd>()
  const kill = vi.fn(() =>
    ended.resolve({ status: 'failed', reason: 'crashed', detail: 'its base: was ended by SIGKILL' }),
  )
  return { kill, ended: ended.promise, end: ended.resolve }
}
const running = () => new AbortController().signal

test('only trials with a base have one run, each in a folder of its own that is gone afterwards', async () => {
  const folders: string[] = []
  const start = (_: number, folder: string) => {
    folders.push(folder)
    writeFileSync(join(folder, 'window-1.logprobs'), 'x')
    return { kill: () => {}, ended: Promise.resolve<TrialEnd>({ status: 'ok' }) }
  }
  {
    using bases = await runBases(launch, { spool, start, signal: running() })
    expect([...bases]).toEqual([[7, { status: 'ok', scoring: { folder: join(spool, 'base-7'), as: 'read' } }]])
    expect(existsSync(join(spool, 'base-7', 'window-1.logprobs'))).toBe(true)
  }
  expect(folders.map((folder) => existsSync(folder))).toEqual([false])
})

test('one that takes longer than loading and its trial may is ended, and says so', async () => {
  const base7 = started()
  const bases = runBases(launch, { spool, start: () => base7, signal: running() })
  await vi.advanceTimersByTimeAsync(10_999)
  expect(base7.kill).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect((await bases).get(7)).toEqual({
    status: 'failed',
    reason: 'trial-timeout',
    detail: 'its base: its text was not scored within 11000 ms',
  })
})

test('who stops the launch stops its base', async () => {
  const base7 = started()
  const stop = new AbortController()
  const bases = runBases(launch, { spool, start: () => base7, signal: stop.signal })
  stop.abort()
  expect((await bases).get(7)).toMatchObject({ status: 'failed' })
  expect(base7.kill).toHaveBeenCalledOnce()
})

test('an engine that does not start with the base fails the trial with its reason', async () => {
  const backend = {
    start: () => Promise.reject(new EngineFailure('out-of-memory', 'no room for the weights')),
  }
  const around = { backend, folder: spool, now: () => 0, origin: 0, log: () => {}, freeBytes: async () => 1e12 }
  expect(await evaluateBase(launch, quality, around)).toEqual({
    status: 'failed',
    reason: 'out-of-memory',
    detail: 'its base: no room for the weights',
  })
})
