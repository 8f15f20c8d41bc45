import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-scoring-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Against = { nll: number[]; kld: number[]; sameTop: number[]; isBound: true }
type Scored = {
  written: null
  read: Against
  own: Against
  exact: number[]
  nll: number[]
  same: number[]
  other: string
}

/** Arguments: a folder, how many tokens are told, a seed. */
const scoringScript = `
import json, math, pickle, random, runpy, sys, types
engine = runpy.run_path('lib/backend/python-engine.py', run_name='engine')
folder, told, random_of = sys.argv[1], int(sys.argv[2]), random.Random(int(sys.argv[3]))
class Torch:
    save = staticmethod(lambda what, path: pickle.dump(what, open(path, 'wb')))
    load = staticmethod(lambda path, weights_only: pickle.load(open(path, 'rb')))
def distribution(like=None):
    weights = [random_of.gauss(0, 2) if like is None else like[token] + random_of.gauss(0, 1) for token in range(50)]
    whole = math.log(sum(math.exp(weight) for weight in weights))
    return [weight - whole for weight in weights]
def likeliest(row, target):
    first = sorted(range(50), key=lambda token: -row[token])[:told]
    return {token: row[token] for token in [*first, target]}
ids = [3, 14, 15, 9, 26, 5]
def against(rows, how, prompt=ids):
    job = {'scoring': {'folder': folder, 'as': how}, 'file': 'window-1.pt'}
    scoring = engine['Scoring'](Torch, types.SimpleNamespace(prompt=prompt, job=job))
    for row, target in zip(rows, ids[4:]):
        scoring.add_likeliest(likeliest(row, target), target)
    return scoring.ended(is_bound=True)
base = [distribution() for _ in ids[4:]]
other = [distribution(row) for row in base]
said = {'written': against(base, 'written'), 'read': against(other, 'read'), 'own': against(base, 'read')}
said['exact'] = [sum(math.exp(b) * (b - o) for b, o in zip(*rows)) for rows in zip(base, other)]
said['nll'] = [round(-row[target], 6) for row, target in zip(base, ids[4:])]
said['same'] = [int(max(a) == a[max(range(50), key=lambda t: b[t])]) for a, b in zip(base, other)]
try:
    against(other, 'read', [*ids[:5], 6])
except engine['Refusal'] as refusal:
    said['other'] = f'{refusal.reason} {refusal}'
print(json.dumps(said))
`

/** `torch` keeps files and does nothing else: distributions over 50 tokens, of which `told` are the likeliest. */
const scored = (told: number, seed: number): Scored => {
  const { stdout, stderr } = spawnSync('python3', ['-B', '-c', scoringScript, folder, String(told), String(seed)], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Scored
}

describe('what a base says of a window', () => {
  test('is written for another to be held against: exactly where all tokens are told', () => {
    const { read, exact, nll, same, written } = scored(50, 1)
    expect(written).toBeNull()
    expect(read).toEqual({ nll, kld: exact.map((kld) => expect.closeTo(kld, 7)), sameTop: same, isBound: true })
    expect(Math.max(...exact)).toBeGreaterThan(0.1)
  })

  test('is a lower bound where the likeliest are told, and a model is none from itself', () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const { read, exact, own } = scored(12, seed)
      for (const [at, kld] of read.kld.entries()) {
        expect(kld).toBeGreaterThanOrEqual(0)
        expect(kld).toBeLessThanOrEqual((exact[at] as number) + 1e-9)
      }
      expect(own.kld).toEqual(exact.map(() => 0))
      expect(own.sameTop).toEqual(exact.map(() => 1))
    }
  })

  test('is refused of other tokens', () => {
    expect(scored(12, 1).other).toBe(
      'request-refused the base cuts the text into other tokens, or has another vocabulary: name a base of the same tokenizer in workload.base',
    )
  })
})
