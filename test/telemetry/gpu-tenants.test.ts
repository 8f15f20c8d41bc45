import { expect, test } from 'vitest'
import { gpuTenants } from '../../lib/telemetry/gpu-tenants.ts'

const answers = (code: number, stdout: string) => async () => ({ code, stdout })

test('programs on the GPU are named, with what they hold', async () => {
  const stdout = '4242, /usr/bin/python3, 3100\n7, C:\\games, and more.exe, [N/A]\nNo running processes found\n'
  expect(await gpuTenants(answers(0, stdout))).toEqual([
    'python3 (process 4242, 3100 MiB)',
    'C:\\games, and more.exe (process 7, memory unknown)',
  ])
  expect(await gpuTenants(answers(127, ''))).toEqual([])
  const warned = '4242, python3, 3100\nWARNING: infoROM is corrupted at gpu 0000:5E:00.0\n'
  expect(await gpuTenants(answers(14, warned))).toEqual(['python3 (process 4242, 3100 MiB)'])
})
