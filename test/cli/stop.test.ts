import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { takeLock } from '../../lib/shell/named-lock.ts'
import { isAlive } from '../../lib/shell/process-id.ts'
import { writeHeartbeat } from '../../lib/store/heartbeats.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { examplePlan, startedPlan } from '../store/example.ts'
import { CommandLine } from './command-line.ts'
import { freshId } from './stored-plan.ts'

/** Ends with 40 and the number of interruptions when it has heard as many as it was told. */
const script = (ends: number) =>
  `let n = 0; process.on('SIGINT', () => { if (++n === ${ends}) process.exit(40 + n) }); process.on('SIGUSR2', () => process.exit(50)); setInterval(() => {}, 1e6); console.log('ready')`

async function program(
  ends = 1,
): Promise<{ child: ChildProcess; pid: number; startTicks: string; exit: Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', script(ends)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit').then(([code]) => code as unknown)
  await once(child.stdout, 'data')
  const pid = child.pid as number
  const startTicks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] as string
  return { child, pid, startTicks, exit }
}

type Runner = { host?: string; pid: number; pidStart?: string }

/** A lab with a plan whose session says that it is run by that runner. */
function labRunBy({ host = hostname(), ...runner }: Runner) {
  const lab = new CommandLine()
  const id = freshId()
  using store = openStore({ file: lab.store, mode: 'write' })
  const { sessionId } = startedPlan(store, examplePlan({ id }))
  writeHeartbeat(store, { sessionId, atMs: Date.now(), host, ...runner })
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await lab.run(args)
    return `${exitCode} ${stdout}${stderr}`.replaceAll(id, 'ID').replaceAll(String(runner.pid), 'PID')
  }
  return { lab, id, run, [Symbol.dispose]: () => lab[Symbol.dispose]() }
}

test.runIf(process.platform === 'linux')('stop is one Ctrl-C, --now is two', async () => {
  for (const [ends, flags] of [
    [1, []],
    [2, ['--now']],
  ] as const) {
    // prettier-ignore
    const { pid, startTicks, exit } = await program(ends)
    using plan = labRunBy({ pid, pidStart: startTicks })
    const said = await plan.run('stop', ...flags)
    expect(said).toBe(
      ends === 1
        ? '0 process PID finishes the trial that runs, then stops plan ID (--now stops at once); go on with: benchbook run --resume ID\n'
        : '0 stopped plan ID; go on with: benchbook run --resume ID\n',
    )
    expect(await exit).toBe(40 + ends)
  }
})

test.runIf(process.platform === 'linux')(
  'a process that was given the number of a dead runner is left alone',
  async () => {
    const { child, pid } = await program()
    using plan = labRunBy({ pid, pidStart: '12' })
    expect(await plan.run('stop')).toBe('0 nothing runs of plan ID\n')
    expect(isAlive({ pid })).toBe(true)
    child.kill('SIGKILL')
  },
)

test('where the system does not say when a process started, it has to hold the lock of the plan', async () => {
  using plan = labRunBy({ pid: process.pid })
  const refused = '4 benchbook: cannot tell which process runs plan ID: stop it with Ctrl-C where it was started\n'
  expect(await plan.run('stop')).toBe(refused)
  const heard = once(process, 'SIGINT')
  const lock = await takeLock(`plan-${plan.id}`, `process ${process.pid}`, 0)
  expect(await plan.run('stop', plan.id)).toContain('0 process PID finishes the trial that runs')
  await heard
  if (lock.status === 'taken') lock.release()
})

test('where there is no plan at all nothing is stopped, as JSON too', async () => {
  using lab = new CommandLine()
  openStore({ file: lab.store, mode: 'write' })[Symbol.dispose]()
  expect((await lab.run(['stop'])).stdout).toBe('nothing runs in /lab/data/benchbook.db\n')
  const { stdout } = await lab.run(['stop', '--json'])
  expect(JSON.parse(stdout)).toEqual({ benchbook: 1, plan: null, stopped: 'nothing' })
})

test('a runner on another machine is named', async () => {
  using plan = labRunBy({ pid: 77, host: 'far\u001b[2Jaway' })
  expect(await plan.run('stop')).toBe('4 benchbook: plan ID is being run on far\\u{1b}[2Jaway: stop it there\n')
})

test.runIf(process.platform === 'linux')('without a runner, the worker that still measures is stopped', async () => {
  const { pid, startTicks, exit } = await program()
  using plan = labRunBy({ pid: 2 ** 22 + 1, pidStart: '1' })
  using store = openStore({ file: plan.lab.store, mode: 'write' })
  store.sql(`UPDATE launch SET spool = 'p/launch-1' WHERE id = 1`).run()
  const spool = `${plan.lab.store}.spool/p/launch-1`
  mkdirSync(spool, { recursive: true })
  writeFileSync(`${spool}/claim`, JSON.stringify({ attempt: 1, pid, startTicks }))
  expect(await plan.run('stop')).toBe(
    '0 plan ID has no runner; the worker of launch 1, which was still measuring, finishes the trial that runs, then stops; go on with: benchbook run --resume ID\n',
  )
  expect(await exit).toBe(50)
})
