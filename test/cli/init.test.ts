import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'

const own = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

test('a lab with an experiment that is valid, in a folder of its own', async () => {
  using lab = new CommandLine()
  const { exitCode, stdout } = await lab.run(['init', 'My Lab'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatchInlineSnapshot(`
    "a lab in My Lab: experiments/first.yaml, experiments/experiment.schema.json, data/.gitkeep, notebooks/.gitkeep, .gitignore, README.md, package.json

    Next:
      cd 'My Lab' && npm install --ignore-scripts
      npx benchbook plan experiments/first.yaml
      npx benchbook run experiments/first.yaml
    "
  `)
  const validated = await lab.run(['validate', 'experiments/first.yaml'], { cwd: lab.at('My Lab') })
  expect(validated.stdout).toBe('experiments/first.yaml: ok, 6 cells\n')
  expect(JSON.parse(readFileSync(lab.at('My Lab/package.json'), 'utf8'))).toEqual({
    name: 'my-lab',
    private: true,
    dependencies: { benchbook: own.version },
    overrides: {
      '@node-llama-cpp/linux-x64-cuda': 'npm:empty-npm-package@1.0.0',
      '@node-llama-cpp/linux-x64-cuda-ext': 'npm:empty-npm-package@1.0.0',
      '@node-llama-cpp/linux-x64-vulkan': 'npm:empty-npm-package@1.0.0',
    },
  })
  const schema = readFileSync(lab.at('My Lab/experiments/experiment.schema.json'), 'utf8')
  expect(schema).toBe(readFileSync('experiments/experiment.schema.json', 'utf8'))
})

test('what is there is never overwritten, and told', async () => {
  using lab = new CommandLine({ 'package.json': '{}', 'README.md': 'mine' })
  expect((await lab.run(['init'])).stdout).toMatchInlineSnapshot(`
    "a lab here: experiments/first.yaml, experiments/experiment.schema.json, data/.gitkeep, notebooks/.gitkeep, .gitignore
    was there and stays as it is: README.md, package.json

    Next:
      npm install --ignore-scripts benchbook@0.1.0
      npx benchbook plan experiments/first.yaml
      npx benchbook run experiments/first.yaml

    Without a GPU, leave out its builds of llama.cpp (600 MB):
      npm pkg set overrides.@node-llama-cpp/linux-x64-cuda=npm:empty-npm-package@1.0.0 \\
        overrides.@node-llama-cpp/linux-x64-cuda-ext=npm:empty-npm-package@1.0.0 \\
        overrides.@node-llama-cpp/linux-x64-vulkan=npm:empty-npm-package@1.0.0
      rm -rf node_modules package-lock.json && npm install --ignore-scripts
    "
  `)
  expect(readFileSync(lab.at('README.md'), 'utf8')).toBe('mine')
  const before = lab.files()
  expect((await lab.run(['init'])).stdout).toMatch(/^a lab is here already: nothing was written\n/)
  expect(lab.files()).toEqual(before)
})

test('a package that is installed already is not installed again', async () => {
  using lab = new CommandLine({ 'node_modules/benchbook/package.json': '{}' })
  expect((await lab.run(['init', "it's mine"])).stdout).toMatch(/Next:\n  cd 'it'\\''s mine'\n  npx benchbook plan/)
})

test('where it cannot be', async () => {
  using lab = new CommandLine()
  writeFileSync(lab.at('file'), 'x')
  expect(await lab.refused(['init', 'file'])).toMatchInlineSnapshot(`
    "2 benchbook: /lab/file is no folder: name another, or none for the current one
    "
  `)
  expect(await lab.refused(['init', 'file/below'])).toMatchInlineSnapshot(`
    "2 benchbook: cannot write /lab/file/below/experiments/first.yaml (ENOTDIR): name another folder, or make room and rights there
    "
  `)
  expect(await lab.refused(['init', '/proc/lab'])).toMatchInlineSnapshot(`
    "2 benchbook: cannot write /proc/lab/experiments/first.yaml (ENOENT): name another folder, or make room and rights there
    "
  `)
})

test('with a post: an experiment that asks for it, its prose and its template, and how to go on', async () => {
  using lab = new CommandLine()
  const { stdout } = await lab.run(['init', '--post'])
  expect(stdout).toContain('reports/posts/first.md, reports/templates/post.hbs')
  expect(stdout.slice(stdout.indexOf('Next:'), stdout.indexOf('--check'))).toMatchInlineSnapshot(`
    "Next:
      npm install --ignore-scripts
      npx benchbook plan experiments/first.yaml
      npx benchbook run experiments/first.yaml
      npx benchbook report experiments/first.yaml -o first.md            # edit reports/posts/first.md, with --watch
      npx benchbook report experiments/first.yaml -o first.md "
  `)
  expect((await lab.run(['validate', 'experiments/first.yaml'])).stdout).toBe('experiments/first.yaml: ok, 6 cells\n')
  expect(readFileSync(lab.at('experiments/first.yaml'), 'utf8')).toMatch(/\nreport: \{ template: post \}/)
  expect(readFileSync(lab.at('reports/templates/post.hbs'), 'utf8')).toBe(
    readFileSync('reports/templates/post.hbs', 'utf8'),
  )
})
