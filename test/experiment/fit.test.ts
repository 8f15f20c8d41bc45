import { expect, test } from 'vitest'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { anyArtifact, expand, plan, refused } from './fixture.ts'
import { embedded } from '../embedded.ts'

const described = async (source: Parameters<typeof anyArtifact>[0]) => ({
  ...(await anyArtifact(source)),
  description: randomModel(50e6, 'f16').description,
})
const machine = { cores: 2, accelerators: ['cpu', 'cuda'], memory: { memoryBytes: 300e6, repacked: [] } } as const
const axes = 'name: x\naxes: { model: [sole], workload: [bench], backend.contextSize: [1024, 8192] }'

const stated = async (hardware: string) => {
  const made = await plan(`${axes}\nhardware: { other: ${hardware} }`, { machine, artifact: described })
  return [made.cells.length, ...made.skipped.map(({ reason, detail }) => `${reason}: ${detail}`)]
}

const id = async (hardware: string) => (await expand(`${axes}\nhardware: { h: ${hardware} }`)).cells[0]?.id

const inSafetensors = async (source: Parameters<typeof anyArtifact>[0]) => {
  const { description, ...rest } = await described(source)
  return { ...rest, description: { ...description, format: 'safetensors' as const } }
}

test('cells that need more memory than the machine has are skipped', async () => {
  const { cells, skipped } = await plan(axes, { machine, artifact: described })
  expect(cells.map(({ config }) => embedded(config).contextSize)).toEqual([1024])
  expect(skipped).toMatchInlineSnapshot(`
    [
      {
        "axes": {
          "backend.contextSize": 8192,
          "model": "sole",
          "workload": "bench",
        },
        "detail": "needs 396 MB (weights 101, KV cache 176, overhead 119), the target has 300 MB",
        "reason": "does-not-fit",
      },
    ]
  `)
})

test('what the hardware states counts in place of what the machine has', async () => {
  expect(await stated('{ target: local, memory: 8GB }')).toEqual([2])
  expect((await stated('{ target: local, memory: 200 MiB }'))[0]).toBe(0)
  expect(await stated('{ target: local, memory: 8GB, vram: 1GB, needs: { accelerator: cuda } }'))
    .toMatchInlineSnapshot(`
    [
      2,
    ]
  `)
  expect(await stated('{ target: local, needs: { memory: 1GB } }')).toMatchInlineSnapshot(`
    [
      0,
      "target-missing: needs a target with 1.0 GB of memory, it has 300 MB",
      "target-missing: needs a target with 1.0 GB of memory, it has 300 MB",
    ]
  `)
  expect(await stated('{ target: local, needs: { accelerator: cuda, vram: 40GB } }')).toMatchInlineSnapshot(`
    [
      0,
      "target-missing: needs a target with 40.0 GB of GPU memory, none is known",
      "target-missing: needs a target with 40.0 GB of GPU memory, none is known",
    ]
  `)
})

test('what a target has or must have does not change the id of a cell', async () => {
  expect(await id('{ target: local, memory: 8GB, memoryBandwidth: 50GB/s, needs: { memory: 4GB } }')).toBe(
    await id('{ target: local }'),
  )
})

test('a size that is none', async () => {
  expect(await refused(`${axes}\nhardware: { h: { target: local, memory: 8G, vram: 8, needs: { vram: 0GB } } }`))
    .toMatchInlineSnapshot(`
    "x.yaml:3:41: hardware.h.memory: must be a size such as 8GB or 512MiB; got "8G"
        hardware: { h: { target: local, memory: 8G, vram: 8, needs: { vram: 0GB } } }
    x.yaml:3:51: hardware.h.vram: must be a size such as 8GB or 512MiB, got 8
        hardware: { h: { target: local, memory: 8G, vram: 8, needs: { vram: 0GB } } }
    x.yaml:3:69: hardware.h.needs.vram: must be a size such as 8GB or 512MiB; got "0GB"
        …arget: local, memory: 8G, vram: 8, needs: { vram: 0GB } } }"
  `)
})

test('how fast a memory can be read is a rate', async () => {
  const cells = (await expand(`${axes}\nhardware: { h: { target: local, memoryBandwidth: 3.35 TB/s } }`)).cells
  expect(cells[0]?.config.hardware.memoryBytesPerSecond).toBe(3.35e12)
  expect(await refused(`${axes}\nhardware: { h: { target: local, memoryBandwidth: 50GB } }`)).toMatchInlineSnapshot(`
    "x.yaml:3:50: hardware.h.memoryBandwidth: must be a rate such as 50GB/s or 3.35TB/s; got "50GB"
        hardware: { h: { target: local, memoryBandwidth: 50GB } }"
  `)
})

test('a model in safetensors is skipped: the embedded engine does not run it', async () => {
  const { skipped } = await plan(axes, { artifact: inSafetensors })
  expect(skipped.map(({ reason, detail }) => `${reason}: ${detail}`)[0]).toMatchInlineSnapshot(
    `"format: the embedded engine runs GGUF files, this is a model in safetensors: convert it with convert_hf_to_gguf.py of llama.cpp"`,
  )
})
