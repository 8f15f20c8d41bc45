import { thisSystem, type SystemView } from './system-view.ts'

/**
 * The weight types that llama.cpp keeps a second time in memory, in the order that its kernels for this processor read them in
 * (`ggml_repack_get_optimal_repack_type`): a mapped model file then stays in memory beside them.
 */
export function repackedTypes({ files, arch }: Pick<SystemView, 'files' | 'arch'> = thisSystem): readonly string[] {
  const features = processorFeatures(files)
  // Apple silicon has what this asks for, and no /proc.
  if (arch === 'arm64')
    return features.length === 0 || features.includes('asimddp') ? ['Q4_0', 'IQ4_NL', 'Q8_0', ...kQuants] : []
  if (!features.includes('avx2')) return []
  return ['Q4_0', 'IQ4_NL', 'MXFP4', 'Q4_K', ...(features.includes('avx512f') ? ['Q2_K'] : [])]
}

const kQuants = ['Q2_K', 'Q4_K', 'Q5_K', 'Q6_K']

/** The instruction sets that the processor says it has; empty where the system does not tell. */
export function processorFeatures(files: SystemView['files']): readonly string[] {
  const line = files.read('/proc/cpuinfo')?.match(/^(?:flags|Features)\s*:\s*(.+)$/m)?.[1]
  return line?.split(' ') ?? []
}
