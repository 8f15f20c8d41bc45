import { expect, test } from 'vitest'
import type { EngineServerConfig, OpenAiConfig } from '../../lib/domain/backend-config.ts'
import { emulatedVersion } from '../../lib/domain/emulation.ts'
import type { EngineFacts } from '../../lib/domain/manifest.ts'
import { loadFixture } from './load-fixture.ts'
import { viewOf } from './view.ts'

test('does not begin with an emulated server where a real one was attached to', () => {
  const { answer, head } = viewOf(loadFixture({ kind: 'openai' }))
  expect(answer.parts[0]?.text).toBe('On this server, seen in 3 blocks, no verdict: ')
  expect(head.chips.some(({ text }) => text.includes('emulated'))).toBe(false)
  expect(head.kicker).toContain('served: mute')
})

test('of a server that the launch started begins with what was seen: its machine is known', () => {
  const data = loadFixture({ kind: 'openai' })
  const cells = data.plan.cells.map(({ config, ...cell }) => {
    const { url: _, ...backend } = config.backend as OpenAiConfig
    return { ...cell, config: { ...config, backend: { ...backend, kind: 'vllm', launch: {} } as EngineServerConfig } }
  })
  const { answer } = viewOf({ ...data, plan: { ...data.plan, cells } })
  expect(answer.parts[0]?.text).toBe('Seen in 3 blocks, no verdict: ')
})

test('of an emulated server says that nothing real was measured', () => {
  const { answer, head, warnings } = viewOf(loadFixture())
  expect(answer.note).toMatch(/^An emulated server computes nothing: /)
  expect(head.chips[0]?.text).toBe('emulated: no model computed')
  expect(warnings[0]?.says).toBe('Emulated, nothing real: rehearsal.')
})

test('says so of one that was attached to in place of a real one, as a rehearsal with --set backend.url is', () => {
  const data = loadFixture({ kind: 'openai' })
  const manifests = Object.entries(data.manifests).map(([digest, each]) => {
    const engine = { ...each.manifest.engine, version: emulatedVersion } as EngineFacts
    return [digest, { ...each, manifest: { ...each.manifest, engine } }] as const
  })
  const { answer, head, warnings } = viewOf({ ...data, manifests: Object.fromEntries(manifests) })
  expect(answer.parts[0]?.text).toBe('On this emulated server, seen in 3 blocks, no verdict: ')
  expect(head.chips[0]?.text).toBe('emulated: no model computed')
  expect(warnings.some(({ says }) => says.startsWith('Emulated, nothing real: '))).toBe(true)
})
