import type { PythonConfig } from '../../lib/domain/backend-config.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { openAiLaunch } from './wire-launch.ts'

/** A launch of an engine in Python; `python` is the interpreter. */
export const pythonLaunch = (
  change: Partial<PythonConfig> & Pick<PythonConfig, 'kind'>,
  { python, path = 'data/models/demo/hf' }: { python: string; path?: string },
): LaunchSpec<PythonConfig> => ({
  ...openAiLaunch(''),
  backend: { name: change.kind, dtype: 'auto', threads: 1, contextSize: 1024, args: {}, env: {}, ...change },
  source: { kind: 'path', path },
  artifact: { digest: 'd', path, bytes: 1 },
  programs: { [change.kind]: python },
})
