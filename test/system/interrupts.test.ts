import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Lab } from './lab.ts'
import { measuringDriver } from './running-launch.ts'
import { expectSpoolsInStore } from './spool-and-store.ts'

const experiment = `
name: interrupts
axes: { model: [random-5m], quantization: [q4_0], workload: [decode, bench] }
load: { requests: 6 }
repeat: { blocks: 1 }
`

async function trialsOf(lab: Lab): Promise<Record<string, number>> {
  return JSON.parse((await lab.run('list', '--json')).stdout).plans[0].trials
}

async function expectResumeCompletes(lab: Lab): Promise<void> {
  expect(await lab.run('run', '--resume', '--accept-setup')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('.html'),
  })
  expect(await trialsOf(lab)).toEqual({ ok: 2, failed: 0, pending: 0, running: 0, interrupted: 0 })
  expectSpoolsInStore(lab.store)
}

test('Ctrl-C once, which a terminal sends to launcher and runner, finishes the current trial, and --resume goes on', async () => {
  using lab = new Lab({ 'interrupts.yaml': experiment })
  const run = lab.launch('run', 'experiments/interrupts.yaml')
  await measuringDriver(lab)
  process.kill(-(run.child.pid as number), 'SIGINT')
  const { code, stdout, stderr } = await run.ended
  expect([code, stdout]).toEqual([130, ''])
  expect(stderr).toMatch(/^finishing the current trial; Ctrl-C again stops it$/m)
  expect(stderr).toMatch(/^interrupted; go on with: benchbook run --resume [0-9a-f]{12}$/m)
  expect(await trialsOf(lab)).toMatchObject({ ok: 1, failed: 0, running: 0 })
  await expectResumeCompletes(lab)
})

test('Ctrl-C twice stops the current trial, and --resume measures it again', async () => {
  using lab = new Lab({ 'interrupts.yaml': experiment.replace('requests: 6', 'requests: 40, clients: 2') })
  const run = lab.start('run', 'experiments/interrupts.yaml')
  await measuringDriver(lab)
  run.child.kill('SIGINT')
  await delay(150) // less than 100 ms apart they would be one
  run.child.kill('SIGINT')
  const { code, stdout, stderr } = await run.ended
  expect([code, stdout]).toEqual([130, ''])
  expect(stderr).toMatch(/^stopping$/m)
  expect(await trialsOf(lab)).toMatchObject({ ok: 0, failed: 0, running: 0 })
  await expectResumeCompletes(lab)
})

test('Ctrl-C as the first launch comes up measures nothing', async () => {
  using lab = new Lab({ 'interrupts.yaml': experiment })
  const run = lab.start('run', 'experiments/interrupts.yaml')
  await expect.poll(run.stderr, { timeout: 60_000, interval: 2 }).toMatch(/^launch 1/m)
  run.child.kill('SIGINT')
  expect((await run.ended).code).toBe(130)
  expect(await trialsOf(lab)).toMatchObject({ ok: 0, failed: 0, running: 0 })
  await expectResumeCompletes(lab)
})

test('Ctrl-C while weights are generated starts nothing and leaves no half file', async () => {
  using lab = new Lab({ 'large.yaml': experiment.replace('random-5m', 'random-300m') })
  const run = lab.start('run', 'experiments/large.yaml')
  await expect.poll(run.stderr, { timeout: 60_000, interval: 2 }).toContain('generating')
  run.child.kill('SIGINT')
  const { code, stderr } = await run.ended
  expect(code).toBe(130)
  expect(stderr).not.toMatch(/^launch/m)
  expect(readdirSync(join(lab.root, 'data/models/random'))).toEqual([])
  expect(existsSync(`${lab.store}.spool`)).toBe(false)
})

test('a reader who goes away does not stop a run', async () => {
  using lab = new Lab({ 'interrupts.yaml': experiment })
  const run = lab.start('run', 'experiments/interrupts.yaml')
  await measuringDriver(lab)
  run.child.stderr?.destroy()
  run.child.stdout?.destroy()
  expect(await run.ended).toMatchObject({ code: 0, signal: null })
  expect(await trialsOf(lab)).toMatchObject({ ok: 2 })
})

test('a device in use is refused, and the plan goes on when it is free', async () => {
  using lab = new Lab({ 'interrupts.yaml': experiment })
  const holder = fork(fileURLToPath(new URL('../shell/hold-lock.ts', import.meta.url)), ['device-local-cpu'])
  const [lock] = await once(holder, 'message')
  expect(lock).toEqual({ status: 'taken' })
  const { code, stdout, stderr } = await lab.run('run', 'experiments/interrupts.yaml')
  expect([code, stdout]).toEqual([4, ''])
  expect(stderr).toMatch(
    /^benchbook: device local-cpu is in use by launch 1 of plan abc: wait for it or stop it, then go on with --resume$/m,
  )
  expect(await trialsOf(lab)).toMatchObject({ ok: 0, failed: 0, running: 0 })
  holder.disconnect()
  await once(holder, 'exit')
  await expectResumeCompletes(lab)
})

test('a device on which another run measures is refused before anything is planned', async () => {
  using lab = new Lab({ 'interrupts.yaml': experiment })
  const holder = fork(fileURLToPath(new URL('../shell/hold-lock.ts', import.meta.url)), ['run-local-cpu'])
  await once(holder, 'message')
  for (const more of [[], ['--keep-going']])
    expect(await lab.run('run', 'experiments/interrupts.yaml', ...more)).toMatchObject({
      code: 4,
      stdout: '',
      stderr: 'benchbook: device local-cpu is in use by launch 1 of plan abc: wait for it or stop it\n',
    })
  expect(JSON.parse((await lab.run('list', '--json')).stdout).plans).toEqual([])
  holder.disconnect()
  await once(holder, 'exit')
})
