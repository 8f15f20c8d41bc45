import { expect, test } from 'vitest'
import { sleepFinding } from '../../lib/lab/sleep-finding.ts'

test('sleep is put off where the system can, and else its user is told to', () => {
  expect(sleepFinding('systemd-inhibit', 'kvm')).toMatchObject({
    status: 'ok',
    says: expect.stringMatching(/systemd-inhibit/),
  })
  expect(sleepFinding(undefined, 'docker')).toMatchObject({
    status: 'warn',
    advice: expect.stringMatching(/turn automatic sleep off/),
  })
})

test('what Linux inhibits inside WSL keeps no Windows awake', () => {
  expect(sleepFinding('systemd-inhibit', 'wsl')).toMatchObject({
    status: 'warn',
    says: expect.stringMatching(/Windows/),
  })
})
