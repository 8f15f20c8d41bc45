import { expect, test } from 'vitest'
import { withoutHome } from '../../lib/domain/without-home.ts'

test.for([
  ['/home/al/lab/model.gguf', '~/lab/model.gguf'],
  ['see /home/al.', 'see ~.'],
  ['file:///home/al/x -L/home/al', 'file://~/x -L~'],
  ['{"path":"/home/al"}', '{"path":"~"}'],
])('%s is kept as %s', ([text, kept]) => {
  expect(withoutHome(text as string, '/home/al')).toBe(kept)
  expect(withoutHome(text as string, '/home/al/')).toBe(kept)
})

test.for(['/home/alice/lab', '/home/al-2/lab', '/home/al.bak/lab'])('%s is nobody else’s folder', (text) => {
  expect(withoutHome(text, '/home/al')).toBe(text)
})

test('a home whose name means something in a pattern is a name', () => {
  expect(withoutHome('/srv/a+b (c)/x and /srv/aab c/x', '/srv/a+b (c)')).toBe('~/x and /srv/aab c/x')
})

test('the root of all folders is no home', () => {
  expect(withoutHome('/etc/x', '/')).toBe('/etc/x')
})
