import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { CellConfig } from '../../lib/domain/cell.ts'
import type { JsonValue } from '../../lib/domain/json.ts'
import type { EngineFacts, Manifest } from '../../lib/domain/manifest.ts'
import type { ArmDifference } from '../../lib/domain/verdict.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { type ArmSpec, comparedOf, decoded } from './compared-fixture.ts'

export type Side = Omit<ArmSpec, 'axes'>

/** What is found to differ between two arms of a treatment. */
export function differences(
  axis: string,
  values: readonly [JsonValue, JsonValue],
  [a, b]: readonly [Side, Side],
): readonly ArmDifference[] {
  const arms = [a, b].map((side, i) => ({
    trial: () => decoded(100),
    ...side,
    axes: { [axis]: values[i] as JsonValue },
  }))
  const verdict = comparePlan(comparedOf({ arms })).comparisons[0]?.cells[0]?.metrics[0]?.verdict
  return verdict?.row === 'not-comparable' ? verdict.differences : []
}
export const fieldsOf = (...given: Parameters<typeof differences>) => differences(...given).map(({ field }) => field)

export const engine =
  (facts: Partial<EngineFacts>) =>
  (manifest: Manifest): Manifest => ({
    ...manifest,
    engine: { ...(manifest.engine as EngineFacts), ...facts },
  })
export const backend =
  (given: Record<string, unknown>) =>
  (config: CellConfig): CellConfig => ({
    ...config,
    backend: { ...config.backend, ...given },
  })
export const vllm = (settings: EngineFacts['settings'], digest: string, rest: Partial<EngineFacts> = {}) =>
  engine({
    name: 'vLLM',
    version: '0.11',
    build: 'torch 2.9',
    settings: { dtype: 'bfloat16', ...settings },
    artifact: { digest },
    ...rest,
  })
export const launched =
  (args: Record<string, JsonValue>, rest: object = {}) =>
  () => ({
    name: 'vllm',
    kind: 'vllm' as const,
    launch: { args, env: {} },
    clientProcesses: 1,
    salt: true,
    ...rest,
  })
export const withBackend =
  (made: () => BackendConfig) =>
  (config: CellConfig): CellConfig => ({ ...config, backend: made() })

export const workload = (given: (config: CellConfig['workload']) => object): Side => ({
  config: (config) => ({ ...config, workload: { ...config.workload, ...given(config.workload) } }),
})
export const described = (given: object): Side => ({
  manifest: (manifest) => engine({ artifact: { ...(manifest.engine as EngineFacts).artifact, ...given } })(manifest),
})
export const prompted = (promptTokens: number): Side => ({
  trial: () => ({ prompts: [{ promptId: 'p1', n: 1, promptTokens, metrics: { decode_tps: 100 } }] }),
})
export const tool = (given: object): Side => ({
  manifest: (manifest) => ({ ...manifest, tool: { ...manifest.tool, ...given } }),
})
export const ending = (end: string): Side =>
  workload(() => ({ prompts: [{ id: 'p1', text: `${'x'.repeat(500)}${end}` }] }))
export const sampled = (given: object): Side =>
  workload((of) => ({ sampling: { ...(of as { sampling: object }).sampling, ...given } }))
