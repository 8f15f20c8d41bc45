import { type Finding, ok, warn } from './finding.ts'

/** Whether the machine can be kept awake while it measures: `by` what, and what is around this system. */
export function sleepFinding(by: string | undefined, around: string | undefined): Finding {
  if (around === 'wsl')
    return warn(
      'sleep',
      'up to Windows, whatever Linux asks for',
      'set it to stay awake before a run that takes the night',
    )
  return by === undefined
    ? warn('sleep', 'cannot be put off from here', 'turn automatic sleep off before a run that takes the night')
    : ok('sleep', `put off by ${by} while it measures`)
}
