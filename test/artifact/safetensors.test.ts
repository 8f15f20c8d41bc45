import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeSafetensors } from '../../lib/artifact/describe-safetensors.ts'
import { parseSafetensors, readSafetensors } from '../../lib/artifact/read-safetensors.ts'
import { resolveArtifact } from '../../lib/artifact/resolve-artifact.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { temporaryFolder } from './small-gguf.ts'

const config = {
  model_type: 'llama',
  vocab_size: 100,
  max_position_embeddings: 512,
  num_hidden_layers: 4,
  hidden_size: 64,
  intermediate_size: 128,
  num_attention_heads: 8,
  num_key_value_heads: 2,
}

function file(header: unknown, dataBytes: number, claimed?: number): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(claimed ?? json.length))
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)])
}
const tensor = (dtype: string, shape: number[], start: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [start, end],
})
const small = file({ __metadata__: { format: 'pt' }, a: tensor('BF16', [4, 8], 0, 64) }, 64)

function write(folder: string, files: Readonly<Record<string, string | Buffer | object>>): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(folder, name),
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    )
}

async function refusal(path: string, work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(path, '<folder>')
    throw error
  }
  throw new Error('accepted')
}

test("the demo's folder is the model that its GGUF files are", () => {
  const { bytes, description } = describeSafetensors('data/models/demo/hf')
  expect(bytes).toBeGreaterThan(7e6)
  expect(description).toMatchObject({
    format: 'safetensors',
    architecture: 'llama',
    vocabulary: 3072,
    fileType: 'BF16',
  })
  expect(description.shape).toMatchObject({ layers: 4, width: 256, heads: 4, feedForward: 768, kvPerToken: 1024 })
})

test("the demo's AWQ copy has the weights of the folder that it was made from, in fewer bits", () => {
  const { parameters } = describeSafetensors('data/models/demo/hf').description
  const { description } = describeSafetensors('data/models/demo/awq')
  expect(description).toMatchObject({ format: 'safetensors', parameters, fileType: 'W4A16', chatTemplate: true })
  expect((8 * description.tensorBytes) / parameters).toBeCloseTo(6.51, 2)
})

test('a folder is an artifact whose digest changes with any of its files', async () => {
  await using folder = await temporaryFolder()
  const folders = {
    roots: [folder.path],
    random: '',
    quantized: '',
    digestCache: folder.file('digests.json'),
    hub: '/nowhere',
    ollama: [],
  }
  const source = { kind: 'path', path: 'hf' } as const
  write(folder.file('hf'), { 'model.safetensors': small, 'config.json': config, 'README.md': 'x' })
  const first = await resolveArtifact(source, folders)
  expect(first).toMatchObject({ bytes: small.length, description: { parameters: 32, tensorBytes: 64 } })
  write(folder.file('hf'), { 'README.md': 'other' })
  expect((await resolveArtifact(source, folders)).digest).toBe(first.digest)
  write(folder.file('hf'), { 'generation_config.json': {} })
  expect((await resolveArtifact(source, folders)).digest).not.toBe(first.digest)
  const part = await refusal(folder.path, () =>
    resolveArtifact({ kind: 'path', path: 'hf/model.safetensors' }, folders),
  )
  expect(part).toMatchInlineSnapshot(
    `"hf/model.safetensors is a part of a model in safetensors: name its folder, which has config.json too"`,
  )
})

const index = (map: object) => ({ 'model.safetensors.index.json': { weight_map: map } })

test('several shards, by their index; one that is missing; one that leads out of the folder', async () => {
  await using folder = await temporaryFolder()
  write(folder.path, {
    'config.json': config,
    'a.safetensors': small,
    'b.safetensors': small,
    'other.safetensors': 'none',
  })
  write(folder.path, index({ x: 'a.safetensors', y: 'b.safetensors', z: 'a.safetensors' }))
  expect(describeSafetensors(folder.path)).toMatchObject({ bytes: 2 * small.length, description: { parameters: 64 } })
  write(folder.path, index({ x: 'c.safetensors' }))
  expect(await refusal(folder.path, () => describeSafetensors(folder.path))).toMatchInlineSnapshot(
    `"<folder> has no c.safetensors, which model.safetensors.index.json names: fetch what is missing"`,
  )
  write(folder.path, index({ x: '../../etc/x.safetensors' }))
  expect(await refusal(folder.path, () => describeSafetensors(folder.path))).toMatchInlineSnapshot(
    `"<folder> cannot be read as safetensors: model.safetensors.index.json names "../../etc/x.safetensors", which is no file beside it; fetch it again, or name another folder"`,
  )
})

test('weights that are packed by AWQ count as weights', async () => {
  await using folder = await temporaryFolder()
  const packed = {
    'l.qweight': tensor('I32', [64, 8], 0, 2048),
    'l.scales': tensor('F16', [4, 8], 2048, 2112),
    norm: tensor('F16', [64], 2112, 2240),
  }
  const quantized = { ...config, quantization_config: { quant_method: 'awq', bits: 4 } }
  write(folder.path, { 'model.safetensors': file(packed, 2240), 'config.json': quantized })
  expect(describeSafetensors(folder.path).description).toMatchObject({ parameters: 64 * 64 + 64, fileType: 'AWQ' })
})

const group = (weights: object, activations: object | null) => ({
  quant_method: 'compressed-tensors',
  config_groups: { group_0: { targets: ['Linear'], weights, input_activations: activations } },
})

test('weights that compressed-tensors packs or scales count as weights, what lies beside them does not', async () => {
  await using folder = await temporaryFolder()
  const describe = (tensors: object, bytes: number, quantization: unknown) => {
    write(folder.path, {
      'model.safetensors': file(tensors, bytes),
      'config.json': { ...config, quantization_config: quantization },
    })
    const { parameters, fileType } = describeSafetensors(folder.path).description
    return { parameters, fileType }
  }
  const packed = {
    'l.weight_packed': tensor('I32', [64, 16], 0, 4096),
    'l.weight_scale': tensor('BF16', [64, 1], 4096, 4224),
    'l.weight_zero_point': tensor('I32', [8, 1], 4224, 4256),
    'l.weight_shape': tensor('I64', [2], 4256, 4272),
    'norm.weight': tensor('BF16', [64], 4272, 4400),
  }
  expect(describe(packed, 4400, group({ num_bits: 4 }, null))).toEqual({ parameters: 64 * 128 + 64, fileType: 'W4A16' })
  const scaled = {
    'l.weight': tensor('F8_E4M3', [64, 64], 0, 4096),
    'l.weight_scale': tensor('BF16', [64, 1], 4096, 4224),
  }
  expect(describe(scaled, 4224, group({ num_bits: 8 }, { num_bits: 8 }))).toEqual({
    parameters: 64 * 64,
    fileType: 'W8A8',
  })
  for (const hostile of [{ num_bits: 0 }, { num_bits: 'x' }, { num_bits: 1e9 }, {}])
    expect(describe(scaled, 4224, group(hostile, null)).fileType).toBe('COMPRESSED-TENSORS')
})

test('headers that are wrong, hostile or cut off are refused with what is wrong', async () => {
  await using folder = await temporaryFolder()
  const path = folder.file('x.safetensors')
  const said: string[] = []
  for (const bytes of [
    Buffer.from(''),
    file('{}', 0, 2 ** 50),
    file('{}', 0, 1000),
    file('{"a":', 8),
    file('[]', 8),
    file({ a: 5 }, 8),
    file({ a: tensor('F16', [1e9, 1e9], 0, 8) }, 8),
    file({ a: tensor('F99', [4], 0, 8) }, 8),
    file({ a: tensor('F16', [4], 0, 8) }, 4),
    file({ a: tensor('F16', [-4], 0, 8) }, 8),
    file({ a: tensor('U8', [20], 0, 20), b: tensor('U8', [200], 0, 200), c: tensor('U8', [200], 0, 200) }, 200),
  ]) {
    writeFileSync(path, bytes)
    said.push(await refusal(folder.path, () => readSafetensors(path)))
  }
  expect(said).toMatchInlineSnapshot(`
    [
      "<folder>/x.safetensors cannot be read as safetensors: it has 0 bytes only; fetch it again, or name another folder",
      "<folder>/x.safetensors cannot be read as safetensors: its header claims 1,125,899,906,842,624 bytes; fetch it again, or name another folder",
      "<folder>/x.safetensors is 10 bytes, its header goes on after that: it is truncated; fetch it again",
      "<folder>/x.safetensors cannot be read as safetensors: its header is no JSON; fetch it again, or name another folder",
      "<folder>/x.safetensors cannot be read as safetensors: its header is no JSON object; fetch it again, or name another folder",
      "<folder>/x.safetensors cannot be read as safetensors: tensor "a" has no shape or no place; fetch it again, or name another folder",
      "<folder>/x.safetensors cannot be read as safetensors: tensor "a" has 8 bytes, its shape asks for 2,000,000,000,000,000,000; fetch it again, or name another folder",
      "<folder>/x.safetensors cannot be read as safetensors: tensor "a" has a type that this version does not know ("F99"); fetch it again, or name another folder",
      "<folder>/x.safetensors is 66 bytes, its tensors end at 70: it is truncated; fetch it again",
      "<folder>/x.safetensors cannot be read as safetensors: tensor "a" has no shape or no place; fetch it again, or name another folder",
      "<folder>/x.safetensors cannot be read as safetensors: its tensors lie over one another; fetch it again, or name another folder",
    ]
  `)
})

test('2,000 damaged headers: each is read or refused, never anything else', () => {
  const random = randomSequence(7)
  for (let round = 0; round < 2000; round += 1) {
    const damaged = Buffer.from(small)
    for (let change = 0; change <= random() * 4; change += 1)
      damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256)
    const bytes = damaged.subarray(0, random() < 0.2 ? Math.floor(random() * damaged.length) : damaged.length)
    try {
      const read = (offset: number, length: number) => bytes.subarray(offset, offset + length)
      parseSafetensors({ name: 'x', bytes: bytes.length, read })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
    }
  }
})
