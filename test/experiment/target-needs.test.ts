import { expect, test } from 'vitest'
import { whyOtherTarget } from '../../lib/experiment/target-needs.ts'
import { plan } from './fixture.ts'

const pi = { cpu: 'Raspberry Pi 5 Model B Rev 1.0', cores: 4, gpus: [] }
const rented = { cpu: 'AMD EPYC 7V13', cores: 24, gpus: ['NVIDIA A100-SXM4-80GB', 'NVIDIA A100-SXM4-80GB', 'Tesla T4'] }
const why = (needs: object, machine: Parameters<typeof whyOtherTarget>[1] = pi) =>
  whyOtherTarget({ accelerator: 'cpu', ...needs }, machine)

test('a target is known by a part of its names, whatever their case, and by how many it has', () => {
  expect(why({ cpu: 'raspberry pi 5', cores: 4 })).toBeUndefined()
  expect(why({ gpu: 'a100', gpus: 2 }, rented)).toBeUndefined()
  expect(why({ gpus: 3 }, rented)).toBeUndefined()
  expect(why({})).toBeUndefined()
})

test('what is another, or too few, is told with what is there', () => {
  expect(why({ cpu: 'Apple M1' })).toBe(
    'needs a processor or board named "Apple M1", this machine is Raspberry Pi 5 Model B Rev 1.0',
  )
  expect(why({ cores: 8 })).toBe('needs 8 cores, this machine has 4 cores')
  expect(why({ gpu: 'T4' })).toBe('needs 1 GPU named "T4", this machine has none')
  expect(why({ gpu: 'A100', gpus: 4 }, rented)).toBe(
    'needs 4 GPUs named "A100", this machine has NVIDIA A100-SXM4-80GB, NVIDIA A100-SXM4-80GB, Tesla T4',
  )
})

test('a cell of another machine is skipped, one of a server elsewhere or of the emulator is not', async () => {
  const text = `
name: x
axes: { model: [tiny], quantization: [f16], workload: [write], hardware: [pi] }
hardware: { pi: { target: local, needs: { cpu: Raspberry Pi 5 } } }
`
  const machine = { cores: 2, cpu: 'Some other CPU', gpus: [], accelerators: ['cpu'] } as const
  const { skipped } = await plan(text, { machine })
  expect(skipped).toMatchObject([
    {
      reason: 'target-missing',
      detail: 'needs a processor or board named "Raspberry Pi 5", this machine is Some other CPU',
    },
  ])
  const served = `
name: x
axes: { model: [there], quantization: [f16], backend: [rehearsal], workload: [write], hardware: [pi] }
models: { there: { artifacts: { f16: { served: t } } } }
backends: { rehearsal: { kind: emulator } }
hardware: { pi: { target: local, needs: { cpu: Raspberry Pi 5 } } }
`
  expect((await plan(served, { machine })).skipped).toEqual([])
})
