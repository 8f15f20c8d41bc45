import { expect, test } from 'vitest'
import { planFileName } from '../../lib/report/file-name.ts'

const named = (name: string, id = 'c0ffee000001') => planFileName({ id, experiment: { name } as never })

test('a plan names its files', () => {
  expect(named('quick.start_2')).toBe('quick.start_2-c0ffee000001')
})

test.for([
  ['../../../etc/cron.d/x', 'etc-cron.d-x-c0ffee000001'],
  ['/', 'report-c0ffee000001'],
  ['$(id) \u202e; rm', 'id-rm-c0ffee000001'],
  ['x'.repeat(5000), `${'x'.repeat(100)}-c0ffee000001`],
])('the name %j leads nowhere else', ([name, file]) => {
  expect(named(name as string)).toBe(file)
  expect(named('quick', `../${name}`)).not.toContain('/')
})
